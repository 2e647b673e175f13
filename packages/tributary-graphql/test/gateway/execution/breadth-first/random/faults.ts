import { GraphQLError } from "graphql";
import type { SeededRandom } from "./seeded-random.ts";

/** A fault to inject: an error that is thrown or returned, or another value. */
export type Fault =
  | { readonly kind: "throw" | "return" | "reject" | "resolve"; readonly error: unknown }
  | { readonly kind: "null" }
  | { readonly kind: "bad value" };

const syncKinds = ["throw", "return", "null", "bad value", "bad value"] as const;
const asyncKinds = [...syncKinds, "reject", "resolve"] as const;

/** The errors of one execution, each with a name, so that it can be told whether an answer has the very one. */
export class Errors {
  readonly #names = new Map<unknown, string>();
  /** As a DataLoader gives it for each of its keys. */
  readonly #shared = this.#named("shared", new Error("shared by many fields"));

  nameOf(value: unknown): string | undefined {
    return this.#names.get(value);
  }

  /** @param isAsync whether the execution may wait for promises */
  fault(random: SeededRandom, id: string, isAsync: boolean): Fault {
    const kind = random.pick<Fault["kind"]>(`${id} fault`, isAsync ? asyncKinds : syncKinds);
    if (kind === "null" || kind === "bad value") return { kind };
    const isReturned = kind === "return" || kind === "resolve";
    return { kind, error: this.#make(random, id, isReturned, isAsync) };
  }

  /** Fails while a list's items are asked for. */
  make(id: string): Error {
    return this.#named(id, new Error(`broken at ${id}`));
  }

  #make(random: SeededRandom, id: string, isReturned: boolean, isAsync: boolean): unknown {
    switch (random.integer(`${id} error`, isReturned ? 6 : 9)) {
      case 0:
        return this.#shared;
      case 1:
        return this.#named(id, new GraphQLError(`refused at ${id}`, { extensions: { code: "REFUSED", id } }));
      case 2:
        return this.#named(id, Object.assign(new TypeError(`extended at ${id}`), { extensions: { id } }));
      case 3:
        // Where promises decide which error comes first, an error must say where it is from.
        return isAsync
          ? this.make(id)
          : this.#named(id, new GraphQLError(`located at ${id}`, { path: ["elsewhere", 1] }));
      case 4:
        // As of a library that has nodes of its own.
        return this.#named(id, Object.assign(new Error(`nodeless at ${id}`), { nodes: [] }));
      case 6:
        return `a text thrown at ${id}`;
      case 7:
        return undefined;
      case 8:
        return { thrown: id };
      default:
        return this.make(id);
    }
  }

  #named<Value>(name: string, error: Value): Value {
    this.#names.set(error, name);
    return error;
  }
}
