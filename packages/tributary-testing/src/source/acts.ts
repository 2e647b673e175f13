import { childrenOf, isNode, nodesOf, type SyntaxNode, stringAt } from "./nodes.ts";

/** Modules whose functions reach out of the process; calling one while being imported is acting. */
const reachingOut =
  /^(node:(fs|fs\/promises|net|http|https|child_process|worker_threads|sqlite|timers|timers\/promises)|undici|pg|mysql2|pino)$/;

const globals = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch", "process", "console"]);

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Only defining: everything else at the top of a file is a statement that does something. */
const defining =
  /^(Import|Export|TS|Variable|Function|Class)\w*Declaration$|^TS\w+$|^(ExportAll|ExportNamed|ExportDefault)/;

/**
 * The effects of importing a file, as far as its text tells: statements that are no definitions, `await`, and
 * calls that reach out of the process while a constant is computed. What functions do once they are called is out of
 * sight, as is what a pure-looking function that is called for a constant does. Two guards are understood:
 * `if (import.meta.main)` and `if (parentPort …)`, for files that are started as a process or a worker.
 * In `registers` files a call of a method of an own binding is a definition: `builder.queryField(…)`.
 */
export function actsOf(program: unknown, registers: boolean): string[] {
  if (!isNode(program)) return [];
  const statements = childrenOf(program).filter((statement) => !isGuarded(statement));
  const bindings = bindingsOf(statements);
  const doing = statements.filter((node) => !isDefinition(node) && !(registers && isRegistration(node, bindings)));
  const calls = statements.flatMap((statement) => nodesNow(statement)).filter((node) => reachesOut(node, bindings));
  const waits = statements.flatMap((statement) => nodesNow(statement)).filter(({ type }) => type === "AwaitExpression");
  return [
    ...doing.map(({ type, start }) => `${type} at character ${start}`),
    ...waits.map(({ start }) => `await at character ${start}`),
    ...calls.map((call) => `call of ${rootName(call.callee)} at character ${call.start}`),
  ];
}

const isDefinition = ({ type }: SyntaxNode): boolean => defining.test(type) || type === "EmptyStatement";

/** `if (import.meta.main) …`, `if (parentPort !== null) …` */
function isGuarded(node: SyntaxNode): boolean {
  if (node.type !== "IfStatement" || node.alternate) return false;
  return nodesOf(node.test).some(
    (part) => stringAt(part, "name") === "parentPort" || stringAt(part, "property", "name") === "main",
  );
}

function isRegistration(node: SyntaxNode, bindings: ReadonlyMap<string, string>): boolean {
  const call = node.expression;
  if (node.type !== "ExpressionStatement" || !isNode(call) || call.type !== "CallExpression") return false;
  const isMethod = isNode(call.callee) && call.callee.type === "MemberExpression";
  const owner = rootName(call.callee) ?? "";
  return isMethod && bindings.has(owner) && !reachingOut.test(bindings.get(owner) ?? "");
}

/** The names that the file's top level defines, each with the module that it was imported from, or "" for an own one. */
function bindingsOf(statements: readonly SyntaxNode[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const statement of statements) {
    const origin = stringAt(statement, "source", "value") ?? "";
    for (const node of nodesOf(statement, ({ type }) => !functions.has(type))) {
      const name = stringAt(node, "local", "name") ?? stringAt(node, "id", "name");
      if (name !== undefined) names.set(name, origin);
    }
  }
  return names;
}

function reachesOut(node: SyntaxNode, bindings: ReadonlyMap<string, string>): boolean {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const name = rootName(node.callee);
  if (name === undefined) return false;
  const origin = bindings.get(name);
  return origin === undefined ? globals.has(name) : reachingOut.test(origin);
}

/** `a` of `a`, `a.b` and `a.b().c`. */
function rootName(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  return node.type === "Identifier" ? stringAt(node, "name") : rootName(node.object ?? node.callee);
}

/** The nodes that run while the file is imported: not those in functions, unless the function is called on the spot. */
function nodesNow(root: SyntaxNode): SyntaxNode[] {
  const called = new Set(
    nodesOf(root)
      .filter(({ type }) => type === "CallExpression")
      .flatMap(({ callee }) =>
        isNode(callee) && callee.type === "ParenthesizedExpression" ? [callee.expression] : [callee],
      ),
  );
  const isLater = (node: SyntaxNode): boolean =>
    (functions.has(node.type) && !called.has(node)) || (node.type === "PropertyDefinition" && node.static === false);
  return nodesOf(root, (node) => !isLater(node));
}
