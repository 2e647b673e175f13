import type { Plugin } from "graphql-yoga";

/** A plugin that cannot work here. The message says which one and why. */
export class PluginError extends Error {
  override readonly name = "PluginError";
}

/** The hooks of Envelop: they run around the steps of the pipeline, on every path. */
const envelopHooks = [
  "onPluginInit",
  "onSchemaChange",
  "onEnveloped",
  "onParse",
  "onValidate",
  "onContextBuilding",
  "onExecute",
  "onSubscribe",
] as const;

/** The hooks of Yoga and its server adapter that see a `Request`, a `Response`, or the time between them. */
const httpHooks = [
  "onRequest",
  "onRequestParse",
  "onParams",
  "onExecutionResult",
  "onResultProcess",
  "onResponse",
] as const;

/** Members of `instrumentation` that wrap HTTP, as those hooks do. */
const httpInstrumentation = ["request", "requestParse", "operation", "resultProcess"] as const;

/** Called when the gateway is made and closed. */
const lifecycleHooks = ["onYogaInit", "onDispose"] as const;

const known: ReadonlySet<string> = new Set([...envelopHooks, ...httpHooks, ...lifecycleHooks]);

/**
 * The plugins among those that were given: `false`, `null` and `undefined` stand for none, as in Yoga.
 *
 * @throws PluginError for a value that is no plugin of Envelop or Yoga, and for one with hooks that are not called here
 */
export function pluginsOf(given: readonly unknown[]): Plugin[] {
  return given.flatMap((plugin, index) => {
    if (plugin === undefined || plugin === null || plugin === false) return [];
    const fault = faultOf(plugin);
    if (fault !== undefined) throw new PluginError(`plugins[${index}] of createGateway cannot be used: ${fault}`);
    return [plugin as Plugin];
  });
}

/**
 * For all plugins, those that others have added included.
 *
 * @throws PluginError as `pluginsOf`
 */
export function assertUsable(plugins: readonly unknown[]): void {
  for (const plugin of plugins) {
    const fault = faultOf(plugin);
    if (fault !== undefined) throw new PluginError(`A plugin that another one added cannot be used: ${fault}`);
  }
}

function faultOf(plugin: unknown): string | undefined {
  if (typeof plugin === "function") return "it is a function. Call it with its options: it returns the plugin.";
  if (isThenable(plugin)) return "it is a promise. Await it first.";
  if (typeof plugin !== "object" || plugin === null)
    return `it is of type ${typeof plugin}, and a plugin is an object with hooks.`;
  if (Array.isArray(plugin)) return "it is a list. Spread it into the list of plugins.";
  const names = Object.keys(plugin);
  const hooks = names.filter((name) => typeof Reflect.get(plugin, name) === "function");
  const invalid = names.filter(
    (name) => known.has(name) && !hooks.includes(name) && Reflect.get(plugin, name) !== undefined,
  );
  if (invalid.length > 0) return `its hooks ${invalid.join(", ")} are not functions.`;
  const foreign = hooks.filter((name) => /^on[A-Z]/.test(name) && !known.has(name));
  if (foreign.length > 0) {
    return `its hooks ${foreign.join(", ")} are called neither by Envelop nor by Yoga, so it would not work as it is meant to.`;
  }
  if (executesItself(plugin)) {
    return "it executes operations itself, by yoga.getEnveloped, where the gateway could not mask their errors or end them.";
  }
  const { instrumentation } = plugin as { readonly instrumentation?: unknown };
  if (hooks.some((name) => known.has(name)) || (typeof instrumentation === "object" && instrumentation !== null))
    return undefined;
  const has = hooks.length > 0 ? ` It has: ${hooks.join(", ")}.` : "";
  return `it has none of the hooks of Envelop and Yoga (${[...envelopHooks, ...httpHooks].join(", ")}).${has}`;
}

const isThenable = (value: unknown): boolean =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";

/**
 * Plugins that serve a protocol of their own, such as GraphQL over SSE or REST, take the functions that execute an operation from
 * Yoga when it is made. Told by their source text, since they call them only when a request comes.
 */
const executesItself = ({ onYogaInit }: { readonly onYogaInit?: unknown }): boolean =>
  typeof onYogaInit === "function" && /\bgetEnveloped\b/.test(Function.prototype.toString.call(onYogaInit));

/** The names of the HTTP hooks that these plugins have. */
export function usedHttpHooks(plugins: readonly Plugin[]): readonly string[] {
  const used = new Set<string>();
  for (const plugin of plugins) {
    for (const name of httpHooks) if (plugin[name]) used.add(name);
    for (const name of httpInstrumentation) if (plugin.instrumentation?.[name]) used.add(`instrumentation.${name}`);
  }
  return [...used];
}
