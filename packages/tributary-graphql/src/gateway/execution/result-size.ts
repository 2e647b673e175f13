import { GraphQLError } from "graphql";
import type { RequestLimits } from "../limits.ts";
import { type ResultShare, resultMemory } from "./result-memory.ts";
import { sizeInJson } from "./size-in-json.ts";

export type ResultLimits = Pick<RequestLimits, "resultValues" | "resultBytes" | "resultErrors">;

/** How many errors that a result is too large are listed: they differ in their paths alone. */
export const maxSizeErrors = 10;

/** A result with fewer values is small: its execution pauses only where its resolvers are slow. */
const smallValues = 5_000;

/** Beyond these a result has a share of the memory for large results. */
const unsharedValues = 2_000;
const unsharedBytes = 200_000;

/**
 * An estimate of the memory of one value during execution, with its promise, source and position, in bytes: rather more than
 * was measured for lists of loaded objects. graphql-js, which executes streams, takes more than twice as much.
 */
const memoryOfValue = 600;
const memoryOfStreamedValue = 1_400;

/** The same for a character: in the source, in the result, as JSON, and in a buffer to be sent. */
const memoryOfCharacter = 4;

/** The share of the memory grows in steps. */
const stepValues = 1_000;
const stepBytes = 100_000;

/**
 * Counts the values and bytes of a result, and refuses what would exceed the limits before it is made: objects when they are
 * gathered, before their fields are executed. A result that was once too large stays so.
 *
 * Bytes are counted as characters during execution. Their number in JSON is known when it is written.
 */
export class ResultSize {
  readonly limits: ResultLimits;
  readonly #total: ResultSize | undefined;
  readonly #name: "result" | "streamed answer";
  #values = 0;
  #bytes = 0;
  /** The counts at which to check next whether a limit is exceeded, and to grow the share of the memory. */
  #nextValues: number;
  #nextBytes: number;
  #sizeError: GraphQLError | undefined;
  #share: ResultShare | undefined;
  /** How many bytes were added to the share, those that were sent since included. */
  #sharedBytes = 0;
  #isReleased = false;

  /** @param total the answer that it is a part of, whose limits hold too; `name` is used in errors */
  constructor(limits: ResultLimits, total?: ResultSize, name: "result" | "streamed answer" = "result") {
    this.limits = limits;
    this.#total = total;
    this.#name = name;
    this.#nextValues = Math.min(limits.resultValues, unsharedValues);
    this.#nextBytes = Math.min(limits.resultBytes, unsharedBytes);
  }

  /** The share of the process' memory that a large result has; for a part, the share of the whole answer. */
  get share(): ResultShare | undefined {
    return this.#total ? this.#total.share : this.#share;
  }

  /** To be called when the result is no longer in memory. Values that are added later take no share. */
  release(): void {
    this.#isReleased = true;
    this.#share?.end();
  }

  /** Whether it is small so far. */
  get isSmall(): boolean {
    return this.#values < smallValues;
  }

  /** Set when the result would have become too large. */
  get sizeError(): GraphQLError | undefined {
    return this.#sizeError;
  }

  /** Whether this is `sizeError`, with or without the path of a field. */
  isSizeError(error: unknown): boolean {
    if (this.#sizeError === undefined) return false;
    return error === this.#sizeError || (error instanceof GraphQLError && error.originalError === this.#sizeError);
  }

  /** Replaces the size errors beyond `maxSizeErrors`. */
  furtherSizeErrors(position?: Pick<GraphQLError, "nodes" | "path">): GraphQLError {
    const code = this.#sizeError?.extensions.code;
    const message = `The result is too large in more than ${maxSizeErrors} positions: the others are left out.`;
    return new GraphQLError(message, { ...position, extensions: { code } });
  }

  /** @throws GraphQLError `LIMIT_EXCEEDED`, or `OVERLOADED` for one large result too many in the process, without a path */
  add(values: number, bytes: number): void {
    this.#values += values;
    this.#bytes += bytes;
    if (this.#values > this.#nextValues || this.#bytes > this.#nextBytes) this.#check();
    this.#total?.add(values, bytes);
  }

  /**
   * The same for a leaf, whose position is counted already.
   *
   * @throws GraphQLError as `add` does
   */
  addLeaf(value: unknown): void {
    if (typeof value === "string") this.add(0, value.length);
    else if (typeof value === "object" && value !== null) this.#addObject(value);
  }

  /** For a part that was sent: the limits are about memory. */
  subtractJson(part: object): void {
    const { share } = this;
    const { resultValues, resultBytes } = (this.#total ?? this).limits;
    const most = share ? { values: resultValues, bytes: resultBytes } : { values: this.#values, bytes: this.#bytes };
    const { values, bytes } = sizeInJson(part, most);
    this.#values = Math.max(0, this.#values - values);
    this.#bytes = Math.max(0, this.#bytes - bytes);
    share?.shrink((this.#total ?? this).#memoryOf(values, bytes));
  }

  #check(): void {
    const { resultValues, resultBytes } = this.limits;
    if (this.#values > resultValues || this.#bytes > resultBytes || this.#sizeError) throw this.#exceed();
    this.#nextValues = Math.min(resultValues, Math.max(unsharedValues, this.#values + stepValues));
    this.#nextBytes = Math.min(resultBytes, Math.max(unsharedBytes, this.#bytes + stepBytes));
    if (this.#total || this.#isReleased) return;
    this.#share ??= resultMemory.open() ?? this.#refuse();
    const shared = this.#memoryOf(this.#values, this.#bytes);
    const fits = this.#share.grow(shared - this.#sharedBytes);
    this.#sharedBytes = shared;
    if (!fits) this.#refuse();
  }

  #memoryOf(values: number, characters: number): number {
    const valueBytes = this.#name === "result" ? memoryOfValue : memoryOfStreamedValue;
    return values * valueBytes + characters * memoryOfCharacter;
  }

  /** Every later `add` is checked, and throws too. */
  #refuse(): never {
    this.#nextValues = -1;
    this.#sizeError = overloaded();
    throw this.#sizeError;
  }

  /** A custom scalar may be any JSON. */
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
    this.#sizeError ??= limitExceeded(
      `The ${this.#name} has more than ${limit}. Ask for shorter lists, fewer fields or fewer aliases.`,
    );
    return this.#sizeError;
  }
}

/** The size of all payloads of a streamed answer together. */
export const streamSize = ({ streamValues, streamBytes, resultErrors }: RequestLimits): ResultSize =>
  new ResultSize({ resultValues: streamValues, resultBytes: streamBytes, resultErrors }, undefined, "streamed answer");

const overloaded = (): GraphQLError =>
  new GraphQLError("All memory for large results is in use. Ask for less at once, or try again later.", {
    extensions: { code: "OVERLOADED" },
  });

/** Ends a stream, in place of its further payloads. */
export const tooManyStreamErrors = (maxErrors: number): GraphQLError =>
  limitExceeded(`The streamed answer has more than ${maxErrors} errors.`);

/** Replaces the errors beyond the limit. */
export const tooManyErrors = (maxErrors: number, position?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  limitExceeded(`The result has more than ${maxErrors} errors: the others are left out.`, position);

const limitExceeded = (message: string, position?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  new GraphQLError(message, { ...position, extensions: { code: "LIMIT_EXCEEDED" } });
