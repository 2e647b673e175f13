import { Session } from "node:inspector";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { appRoot } from "../app.ts";

/** Returns where a function is defined, relative to the root: `resolvers/city.ts:22`. */
export type FunctionLocator = (callable: object) => string | undefined;

interface ScriptLocation {
  readonly scriptId: string;
  /** From 0. */
  readonly lineNumber: number;
}

/** A temporary global for the function, because the debugger evaluates an expression. */
const globalName = "__functionToLocate";

/**
 * Finds functions by Node's debugger, because a stack trace has only functions that throw.
 * Dispose it after use: a process with a debugger is slower.
 */
export class FunctionLocations implements Disposable {
  readonly #session = new Session();
  readonly #urls = new Map<string, string>();
  readonly #cache = new WeakMap<object, string | undefined>();

  constructor() {
    this.#session.connect();
    this.#session.on("Debugger.scriptParsed", ({ params }) => this.#urls.set(params.scriptId, params.url));
    this.#session.post("Debugger.enable");
  }

  readonly locate: FunctionLocator = (callable) => {
    if (!this.#cache.has(callable)) this.#cache.set(callable, this.#find(callable));
    return this.#cache.get(callable);
  };

  #find(callable: object): string | undefined {
    const location = this.#locationOf(callable);
    if (!location) return undefined;
    const url = this.#urls.get(location.scriptId) ?? "";
    return url.startsWith("file:")
      ? `${relative(appRoot(), fileURLToPath(url))}:${location.lineNumber + 1}`
      : undefined;
  }

  /** In a session with its own process, `post` calls back before it returns. */
  #locationOf(callable: object): ScriptLocation | undefined {
    const locations: ScriptLocation[] = [];
    const expression = `globalThis.${globalName}`;
    Reflect.set(globalThis, globalName, callable);
    this.#session.post("Runtime.evaluate", { expression }, (_, { result: { objectId = "" } }) =>
      this.#session.post(
        "Runtime.getProperties",
        { objectId, ownProperties: true },
        (_error, { internalProperties }) => {
          const property = internalProperties?.find(({ name }) => name === "[[FunctionLocation]]");
          if (property?.value) locations.push(property.value.value);
        },
      ),
    );
    Reflect.deleteProperty(globalThis, globalName);
    return locations[0];
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }
}
