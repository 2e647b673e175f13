import { GraphQLError } from "graphql";
import type { RequestLimits } from "../limits.ts";
import { type ResultShare, resultMemory } from "./result-memory.ts";
import { sizeInJson } from "./size-in-json.ts";

export type ResultLimits = Pick<RequestLimits, "resultValues" | "resultBytes" | "resultErrors">;

/** Of errors that say that a result is too large so many are listed: they differ in their paths alone. */
export const maxExcessErrors = 10;

/** Values of a result that is small: its execution pauses only where its resolvers are slow. */
const smallValues = 5_000;

/** Beyond these a result has a share of the memory for large ones. */
const unsharedValues = 2_000;
const unsharedBytes = 200_000;

/**
 * About as much memory as a value takes while it is executed, with its promise, its source and its position: rather more than
 * was seen in results that are lists of loaded objects. In bytes; graphql-js, which executes streams, takes twice as much and more.
 */
const memoryOfValue = 600;
const memoryOfStreamedValue = 1_400;

/** The same for a character: in the source, in the result, as JSON, and in a buffer to be sent. */
const memoryOfCharacter = 4;

/** The share of the memory follows the result in steps. */
const stepValues = 1_000;
const stepBytes = 100_000;

/**
 * How much of a result is there. What would make it larger than it may be is refused before it is made: objects when they
 * are gathered, before their fields run. A result that was once too large stays so.
 *
 * Bytes are counted as characters while it is executed. How many they are in JSON is known when it is written.
 */
export class ResultSize {
  readonly limits: ResultLimits;
  readonly #total: ResultSize | undefined;
  readonly #name: "result" | "streamed answer";
  #values = 0;
  #bytes = 0;
  /** Beyond these it is looked whether a limit is exceeded, or the share of the memory has to grow. */
  #nextValues: number;
  #nextBytes: number;
  #excess: GraphQLError | undefined;
  #share: ResultShare | undefined;
  /** How much of the memory the share has been told of, but for parts that were sent. */
  #sharedBytes = 0;
  #isReleased = false;

  /** @param total what it is a part of, whose limits hold too; `name` is what errors call it */
  constructor(limits: ResultLimits, total?: ResultSize, name: "result" | "streamed answer" = "result") {
    this.limits = limits;
    this.#total = total;
    this.#name = name;
    this.#nextValues = Math.min(limits.resultValues, unsharedValues);
    this.#nextBytes = Math.min(limits.resultBytes, unsharedBytes);
  }

  /** Its share of the memory of the process: a large one has one, and a part of a result has that of the whole. */
  get share(): ResultShare | undefined {
    return this.#total ? this.#total.share : this.#share;
  }

  /** Nothing of it is in memory any more. What is added from now on takes no share of it. */
  release(): void {
    this.#isReleased = true;
    this.#share?.end();
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

  /** Instead of further errors that are `excess`. */
  excessInMore(position?: Pick<GraphQLError, "nodes" | "path">): GraphQLError {
    const code = this.#excess?.extensions.code;
    const message = `The result is too large in more than ${maxExcessErrors} positions: the others are left out.`;
    return new GraphQLError(message, { ...position, extensions: { code } });
  }

  /** @throws GraphQLError `LIMIT_EXCEEDED`, or `OVERLOADED` for one large result too many in the process, without a path */
  add(values: number, bytes: number): void {
    this.#values += values;
    this.#bytes += bytes;
    if (this.#values > this.#nextValues || this.#bytes > this.#nextBytes) this.#look();
    this.#total?.add(values, bytes);
  }

  /**
   * The same for a leaf, whose place is counted already.
   *
   * @throws GraphQLError as `add` does
   */
  addLeaf(value: unknown): void {
    if (typeof value === "string") this.add(0, value.length);
    else if (typeof value === "object" && value !== null) this.#addObject(value);
  }

  /** For a part of it that was sent: the limits are for what is in memory. */
  subtractJson(part: object): void {
    const { share } = this;
    const { resultValues, resultBytes } = (this.#total ?? this).limits;
    const most = share ? { values: resultValues, bytes: resultBytes } : { values: this.#values, bytes: this.#bytes };
    const { values, bytes } = sizeInJson(part, most);
    this.#values = Math.max(0, this.#values - values);
    this.#bytes = Math.max(0, this.#bytes - bytes);
    share?.shrink((this.#total ?? this).#memoryOf(values, bytes));
  }

  #look(): void {
    const { resultValues, resultBytes } = this.limits;
    if (this.#values > resultValues || this.#bytes > resultBytes || this.#excess) throw this.#exceed();
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

  /** It stays refused: whatever is added is looked at. */
  #refuse(): never {
    this.#nextValues = -1;
    this.#excess = overloaded();
    throw this.#excess;
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

const overloaded = (): GraphQLError =>
  new GraphQLError(
    "Large results that are being executed take all the memory there is for them. Ask for less at once, or try again later.",
    {
      extensions: { code: "OVERLOADED" },
    },
  );

/** Instead of the payloads that would have followed. */
export const tooManyStreamErrors = (maxErrors: number): GraphQLError =>
  limitExceeded(`The streamed answer has more than ${maxErrors} errors.`);

/** Instead of the errors beyond those that are listed. */
export const tooManyErrors = (maxErrors: number, position?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  limitExceeded(`The result has more than ${maxErrors} errors: the others are left out.`, position);

const limitExceeded = (message: string, position?: Pick<GraphQLError, "nodes" | "path">): GraphQLError =>
  new GraphQLError(message, { ...position, extensions: { code: "LIMIT_EXCEEDED" } });
