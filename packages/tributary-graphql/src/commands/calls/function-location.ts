import { Session } from "node:inspector";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { appRoot } from "../app.ts";

/** Where a function is defined: `resolvers/city.ts:22`, relative to the root. */
export type FunctionLocator = (callable: object) => string | undefined;

interface Place {
  readonly scriptId: string;
  /** From 0. */
  readonly lineNumber: number;
}

/** Functions for the debugger, which takes text only, are stored here. */
const slot = "__functionToLocate";

/**
 * Asks Node's own debugger, which knows where each function stands: a stack trace names only functions that throw.
 * Dispose it when done, since a process with a debugger runs slower.
 */
export class FunctionLocations implements Disposable {
  readonly #session = new Session();
  readonly #urls = new Map<string, string>();
  readonly #known = new WeakMap<object, string | undefined>();

  constructor() {
    this.#session.connect();
    this.#session.on("Debugger.scriptParsed", ({ params }) => this.#urls.set(params.scriptId, params.url));
    this.#session.post("Debugger.enable");
  }

  readonly locate: FunctionLocator = (callable) => {
    if (!this.#known.has(callable)) this.#known.set(callable, this.#find(callable));
    return this.#known.get(callable);
  };

  #find(callable: object): string | undefined {
    const place = this.#placeOf(callable);
    if (!place) return undefined;
    const url = this.#urls.get(place.scriptId) ?? "";
    return url.startsWith("file:") ? `${relative(appRoot(), fileURLToPath(url))}:${place.lineNumber + 1}` : undefined;
  }

  /** A session within its own process answers before `post` returns. */
  #placeOf(callable: object): Place | undefined {
    const places: Place[] = [];
    Reflect.set(globalThis, slot, callable);
    this.#session.post("Runtime.evaluate", { expression: `globalThis.${slot}` }, (_, { result: { objectId = "" } }) =>
      this.#session.post(
        "Runtime.getProperties",
        { objectId, ownProperties: true },
        (_error, { internalProperties }) => {
          const place = internalProperties?.find(({ name }) => name === "[[FunctionLocation]]");
          if (place?.value) places.push(place.value.value);
        },
      ),
    );
    Reflect.deleteProperty(globalThis, slot);
    return places[0];
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }
}
