import { GraphQLError } from "graphql";
import type { RequestLimits } from "../limits.ts";
import { sizeInJson } from "./size-in-json.ts";

export type ResultLimits = Pick<RequestLimits, "resultValues" | "resultBytes" | "resultErrors">;

/** Values of a result that is small: its execution pauses only where its resolvers are slow. */
const smallValues = 5_000;

/**
 * How much of a result is there. What would make it larger than it may be is refused before it is made: objects when they
 * are gathered, before their fields run. A result that was once too large stays so.
 *
 * Bytes are counted as characters while it is executed. How many they are in JSON is known when it is written.
 */
export class ResultSize {
  readonly limits: ResultLimits;
  #values = 0;
  #bytes = 0;
  #excess: GraphQLError | undefined;

  constructor(limits: ResultLimits) {
    this.limits = limits;
  }

  /** Whether there is little of it as yet. */
  get isSmall(): boolean {
    return this.#values < smallValues;
  }

  /** Set when the result was to become too large. */
  get excess(): GraphQLError | undefined {
    return this.#excess;
  }

  /** @throws GraphQLError `LIMIT_EXCEEDED`, without a path */
  add(values: number, bytes: number): void {
    this.#values += values;
    this.#bytes += bytes;
    if (this.#values > this.limits.resultValues || this.#bytes > this.limits.resultBytes) throw this.#exceed();
  }

  /**
   * The same for a leaf, whose place is counted already.
   *
   * @throws GraphQLError `LIMIT_EXCEEDED`, without a path
   */
  addLeaf(value: unknown): void {
    if (typeof value === "string") this.add(0, value.length);
    else if (typeof value === "object" && value !== null) this.#addObject(value);
  }

  /** For a part of it that was sent: the limits are for what is in memory. */
  subtractJson(part: object): void {
    const { values, bytes } = sizeInJson(part, { values: this.#values, bytes: this.#bytes });
    this.#values = Math.max(0, this.#values - values);
    this.#bytes = Math.max(0, this.#bytes - bytes);
  }

  /** A scalar of the schema's own may be any JSON. */
  #addObject(value: object): void {
    const { resultValues, resultBytes } = this.limits;
    const { values, bytes } = sizeInJson(value, {
      values: resultValues - this.#values,
      bytes: resultBytes - this.#bytes,
    });
    this.add(values, bytes);
  }

  #exceed(): GraphQLError {
    const { resultValues, resultBytes } = this.limits;
    this.#excess ??=
      this.#values > resultValues ? tooLarge(`${resultValues} values`) : tooLarge(`${resultBytes} bytes`);
    return this.#excess;
  }
}

const tooLarge = (limit: string): GraphQLError =>
  limitExceeded(`The result has more than ${limit}. Ask for shorter lists, fewer fields or fewer aliases.`);

/** In place of the errors beyond those that are listed. */
export const tooManyErrors = (maxErrors: number, place?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  limitExceeded(`The result has more than ${maxErrors} errors: the others are left out.`, place);

const limitExceeded = (message: string, place?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  new GraphQLError(message, { ...place, extensions: { code: "LIMIT_EXCEEDED" } });
