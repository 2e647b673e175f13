import { childrenOf, isNode, nodesOf, type SyntaxNode, stringAt } from "./nodes.ts";

/** Modules whose functions have effects outside the process. A call during the import is a side effect. */
const effectfulModules =
  /^(node:(fs|fs\/promises|net|http|https|child_process|worker_threads|sqlite|timers|timers\/promises)|undici|pg|mysql2|pino)$/;

const globals = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch", "process", "console"]);

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Top-level statements without a side effect. */
const definitions =
  /^(Import|Export|TS|Variable|Function|Class)\w*Declaration$|^TS\w+$|^(ExportAll|ExportNamed|ExportDefault)/;

/**
 * The side effects of importing a file, by static analysis: top-level statements other than definitions, `await`, and
 * calls with effects outside the process in the value of a constant. It does not look into functions. Statements inside
 * `if (import.meta.main)` and `if (parentPort …)` are allowed, for files that are started as a process or a worker.
 * @param allowsRegistration whether a method call on a binding of the file counts as a definition: `builder.queryField(…)`
 */
export function sideEffectsOf(program: unknown, allowsRegistration: boolean): string[] {
  if (!isNode(program)) return [];
  const statements = childrenOf(program).filter((statement) => !isGuarded(statement));
  const bindings = bindingsOf(statements);
  const evaluated = statements.flatMap((statement) => evaluatedNodes(statement));
  const others = statements.filter(
    (node) => !isDefinition(node) && !(allowsRegistration && isRegistration(node, bindings)),
  );
  const calls = evaluated.filter((node) => isEffectfulCall(node, bindings));
  const awaits = evaluated.filter(({ type }) => type === "AwaitExpression");
  return [
    ...others.map(({ type, start }) => `${type} at character ${start}`),
    ...awaits.map(({ start }) => `await at character ${start}`),
    ...calls.map((call) => `call of ${rootName(call.callee)} at character ${call.start}`),
  ];
}

const isDefinition = ({ type }: SyntaxNode): boolean => definitions.test(type) || type === "EmptyStatement";

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
  return isMethod && bindings.has(owner) && !effectfulModules.test(bindings.get(owner) ?? "");
}

/** The top-level names of a file, each with the module that it is imported from, or "" for a definition of the file. */
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

function isEffectfulCall(node: SyntaxNode, bindings: ReadonlyMap<string, string>): boolean {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const name = rootName(node.callee);
  if (name === undefined) return false;
  const origin = bindings.get(name);
  return origin === undefined ? globals.has(name) : effectfulModules.test(origin);
}

/** `a` of `a`, `a.b` and `a.b().c`. */
function rootName(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  return node.type === "Identifier" ? stringAt(node, "name") : rootName(node.object ?? node.callee);
}

/** The nodes that are evaluated during the import: none in functions, unless the function is called immediately. */
function evaluatedNodes(root: SyntaxNode): SyntaxNode[] {
  const called = new Set(
    nodesOf(root)
      .filter(({ type }) => type === "CallExpression")
      .flatMap(({ callee }) =>
        isNode(callee) && callee.type === "ParenthesizedExpression" ? [callee.expression] : [callee],
      ),
  );
  const isDeferred = (node: SyntaxNode): boolean =>
    (functions.has(node.type) && !called.has(node)) || (node.type === "PropertyDefinition" && node.static === false);
  return nodesOf(root, (node) => !isDeferred(node));
}
