import { GraphQLError } from "graphql";
import type { RequestLimits } from "../limits.ts";
import { sizeInJson } from "./size-in-json.ts";

export type ResultLimits = Pick<RequestLimits, "resultValues" | "resultBytes" | "resultErrors">;

/** Of errors that say that a result is too large so many are listed: they differ in their paths alone. */
export const maxExcessErrors = 10;

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
  readonly #total: ResultSize | undefined;
  readonly #name: string;
  #values = 0;
  #bytes = 0;
  #excess: GraphQLError | undefined;

  /** @param total what it is a part of, whose limits hold too; `name` is what errors call it */
  constructor(limits: ResultLimits, total?: ResultSize, name = "result") {
    this.limits = limits;
    this.#total = total;
    this.#name = name;
  }

  /** Whether there is little of it as yet. */
  get isSmall(): boolean {
    return this.#values < smallValues;
  }

  /** Set when the result was to become too large. */
  get excess(): GraphQLError | undefined {
    return this.#excess;
  }

  /** Whether this is the error of `excess`, as it is or with the path of a field. */
  isExcess(error: unknown): boolean {
    if (this.#excess === undefined) return false;
    return error === this.#excess || (error instanceof GraphQLError && error.originalError === this.#excess);
  }

  /** @throws GraphQLError `LIMIT_EXCEEDED`, without a path */
  add(values: number, bytes: number): void {
    this.#values += values;
    this.#bytes += bytes;
    if (this.#values > this.limits.resultValues || this.#bytes > this.limits.resultBytes) throw this.#exceed();
    this.#total?.add(values, bytes);
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
    const limit = this.#values > resultValues ? `${resultValues} values` : `${resultBytes} bytes`;
    this.#excess ??= limitExceeded(
      `The ${this.#name} has more than ${limit}. Ask for shorter lists, fewer fields or fewer aliases.`,
    );
    return this.#excess;
  }
}

/** Of all payloads of a streamed answer together. */
export const streamSize = ({ streamValues, streamBytes, resultErrors }: RequestLimits): ResultSize =>
  new ResultSize({ resultValues: streamValues, resultBytes: streamBytes, resultErrors }, undefined, "streamed answer");

/** In place of further errors that say that a result is too large. */
export const tooLargeInMore = (place?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  limitExceeded(`The result is too large in more than ${maxExcessErrors} places: the others are left out.`, place);

/** Instead of the payloads that would have followed. */
export const tooManyStreamErrors = (maxErrors: number): GraphQLError =>
  limitExceeded(`The streamed answer has more than ${maxErrors} errors.`);

/** In place of the errors beyond those that are listed. */
export const tooManyErrors = (maxErrors: number, place?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  limitExceeded(`The result has more than ${maxErrors} errors: the others are left out.`, place);

const limitExceeded = (message: string, place?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  new GraphQLError(message, { ...place, extensions: { code: "LIMIT_EXCEEDED" } });
