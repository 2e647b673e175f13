import type { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import { eventLoopTurns } from "./event-loop-turns.ts";
import type { HeldBatches } from "./held-batches.ts";
import { ResultSize, tooManyErrors } from "./result-size.ts";

type CollectedErrors = IncrementalExecutor["collectedErrors"];
type GroupedFieldSet = Parameters<IncrementalExecutor["executeFields"]>[3];

/** How many objects are made between two looks at the clock. */
const objectsPerLook = 8;

/** The bounds of what graphql-js executes: of its result, its errors, and its work in one turn of the event loop. */
export class IncrementalBounds {
  readonly size: ResultSize;
  readonly #batches: () => HeldBatches;
  #errorsLeft: number;
  #objectsLeft = objectsPerLook;
  #pauses = 0;

  constructor(size: ResultSize, batches: () => HeldBatches) {
    this.size = size;
    this.#batches = batches;
    this.#errorsLeft = size.limits.resultErrors;
  }

  /** Items of a streamed list are many, and wait for the client: each may be as large as a result. */
  ofItem(): IncrementalBounds {
    return new IncrementalBounds(new ResultSize(this.size.limits), this.#batches);
  }

  /** @throws GraphQLError for an object that makes the result too large */
  addObject(fields: GroupedFieldSet): void {
    let characters = 2;
    for (const name of fields.keys()) characters += name.length + 6;
    this.size.add(fields.size, characters);
  }

  /** Whether what begins has to wait: behind what waits already, too. */
  isTimeUp(): boolean {
    if (this.#pauses > 0) return true;
    if (--this.#objectsLeft > 0) return false;
    this.#objectsLeft = objectsPerLook;
    return eventLoopTurns.isOver(this.size.isSmall);
  }

  /**
   * Does work in a later turn of the event loop. As long as there is any the batches of the loaders are held.
   *
   * @throws what the work throws
   */
  later<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#pauses++;
    this.#batches().hold();
    eventLoopTurns.putOff(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
      this.#pauses--;
      this.#batches().release();
    });
    return promise;
  }

  /** Errors beyond the limit are not listed. What they make null stays so. */
  limitErrors(errors: CollectedErrors): void {
    const add = errors.add.bind(errors);
    errors.add = (error, path) => {
      if (this.#errorsLeft < 0) return;
      const isLast = this.#errorsLeft-- === 0;
      add(isLast ? this.#last(error) : error, path);
    };
  }

  #last({ nodes, path }: Parameters<CollectedErrors["add"]>[0]) {
    return tooManyErrors(this.size.limits.resultErrors, { nodes, path });
  }
}
