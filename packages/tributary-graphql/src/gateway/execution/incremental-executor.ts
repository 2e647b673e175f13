import {
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isListType,
  type ValidatedExecutionArgs,
} from "graphql";
import { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import { readProperty } from "../../core/thrown-values.ts";
import type { UnreadValues } from "./breadth-first/unread-values.ts";
import { fieldError } from "./field-error.ts";
import type { IncrementalBounds } from "./incremental-bounds.ts";
import type { LimitedErrors } from "./limited-errors.ts";
import { LateQueue, listenedTo, type RestOfList } from "./streamed-items.ts";

type Path = GraphQLResolveInfo["path"];
type StreamUsage = Parameters<IncrementalExecutor["handleStream"]>[3];
type SharedContext = NonNullable<ConstructorParameters<typeof IncrementalExecutor>[1]>;
type DeferUsages = ConstructorParameters<typeof IncrementalExecutor>[2];

/** Which lists are streamed, with the number of items that came at once, by `pathKey`. */
export type StreamStarts = Map<string, number>;

/** What all executors of one operation share. */
export interface IncrementalState {
  readonly starts: StreamStarts;
  readonly unread: UnreadValues;
}

/** A path as a key of a map. */
export const pathKey = (path: readonly (string | number)[]): string => JSON.stringify(path);

/**
 * graphql's incremental executor, whose fields may throw anything: graphql's own reads an error without care. Nor does it
 * listen to promises in what it drops, or reads later: rejected meanwhile, they would end the process.
 */
class CarefulExecutor extends IncrementalExecutor {
  readonly state: IncrementalState;

  constructor(args: ValidatedExecutionArgs, state: IncrementalState, shared?: SharedContext, usages?: DeferUsages) {
    super(args, shared, usages);
    this.state = state;
  }

  override handleFieldError(...[thrown, type, details, path]: Parameters<IncrementalExecutor["handleFieldError"]>) {
    const nodes = details.map(({ node }) => node);
    const error = isNegativeCount(thrown) ? negativeCount(thrown) : thrown;
    super.handleFieldError(fieldError(error, nodes, keysOf(path)), type, details, path);
  }

  /** The fields that are deferred are read when what comes before them is complete. */
  override collectExecutionGroups(...group: Parameters<IncrementalExecutor["collectExecutionGroups"]>) {
    this.state.unread.listenWithin(group[1]);
    super.collectExecutionGroups(...group);
  }

  override completePromisedValue(...value: Parameters<IncrementalExecutor["completePromisedValue"]>) {
    this.#listenToLate(value[4]);
    return super.completePromisedValue(...value);
  }

  override completePromisedListItemValue(...item: Parameters<IncrementalExecutor["completePromisedListItemValue"]>) {
    this.#listenToLate(item[0]);
    return super.completePromisedListItemValue(...item);
  }

  /** What comes after an abort is dropped. Another thenable may do its work again when it is asked twice. */
  #listenToLate(promise: unknown): void {
    if (!(promise instanceof Promise)) return;
    void promise.then(
      (outcome) => this.aborted && this.state.unread.listenWithin(outcome),
      () => undefined,
    );
  }

  /** A value that waits for its type, is dropped with an error, or stays as it is. */
  override completeValue(...value: Parameters<IncrementalExecutor["completeValue"]>) {
    const [type, , , , result] = value;
    let isRead = false;
    try {
      const completed = super.completeValue(...value);
      isRead = isListType(type) || (!(completed instanceof Promise) && completed !== result);
      return completed;
    } finally {
      if (!isRead) this.state.unread.listenWithin(result);
    }
  }
}

/** graphql says it with an error like those of its own faults, which are masked. */
const isNegativeCount = (thrown: unknown): boolean =>
  readProperty(thrown, "message") === "initialCount must be a positive integer";

const negativeCount = (cause: unknown): GraphQLError =>
  new GraphQLError("The argument initialCount of @stream must be 0 or more.", {
    cause,
    extensions: { code: "BAD_USER_INPUT" },
  });

/**
 * graphql's incremental executor, with streamed lists that batch.
 *
 * graphql knows two ways. With early execution, streamed items join the loaders' batches of the payload before them, which
 * then waits for them. Without, an item starts only when the one before is complete, and each is a batch of its own.
 * Here a list starts when its turn has come, as without, and then its items start side by side, as with: up to a hundred
 * at a time, the rest when the client has taken those.
 */
export class BatchingExecutor extends CarefulExecutor {
  readonly #bounds: IncrementalBounds;
  readonly #errors: LimitedErrors;

  constructor(
    args: ValidatedExecutionArgs,
    state: IncrementalState,
    bounds: IncrementalBounds,
    shared?: SharedContext,
    usages?: DeferUsages,
  ) {
    super(args, state, shared, usages);
    this.#bounds = bounds;
    this.#errors = bounds.limitErrors(this.collectedErrors);
  }

  /** Without a part of its own it is for an item of a streamed list. */
  override getCreateSubExecutor() {
    return (usages?: DeferUsages) =>
      new BatchingExecutor(
        this.validatedExecutionArgs,
        this.state,
        usages === undefined ? this.#bounds.ofItem() : this.#bounds,
        this.sharedExecutionContext,
        usages,
      );
  }

  override handleFieldError(...[thrown, ...position]: Parameters<IncrementalExecutor["handleFieldError"]>) {
    super.handleFieldError(this.#errors.standInFor(thrown), ...position);
  }

  /** Each object is counted before its fields run, and may have to wait for the next turn of the event loop. */
  override executeFields(...fields: Parameters<IncrementalExecutor["executeFields"]>) {
    const [, , path, groupedFieldSet] = fields;
    this.#bounds.addObject(groupedFieldSet);
    // The root's fields must begin at once: an abort before that would have nothing to hand over.
    if (path === undefined || !this.#bounds.isTimeUp()) return this.#executeNow(...fields);
    return this.#bounds.later(() => {
      if (this.aborted) throw new Error("Aborted!");
      return this.#executeNow(...fields);
    });
  }

  #executeNow(...fields: Parameters<IncrementalExecutor["executeFields"]>) {
    const values = super.executeFields(...fields);
    if (values instanceof Promise) this.#bounds.noticePromise();
    return values;
  }

  override completeMaybePromisedListItemValue(
    ...item: Parameters<IncrementalExecutor["completeMaybePromisedListItemValue"]>
  ): boolean {
    this.#bounds.size.add(1, 1);
    return super.completeMaybePromisedListItemValue(...item);
  }

  override completeLeafValue(...leaf: Parameters<IncrementalExecutor["completeLeafValue"]>): unknown {
    const value = super.completeLeafValue(...leaf);
    this.#bounds.size.addLeaf(value);
    return value;
  }

  /**
   * An item that fails at once takes its position behind the items before it, as one that fails later does. What it throws
   * here would end the queue, and those items with it.
   */
  override completeStreamItem(...item: Parameters<IncrementalExecutor["completeStreamItem"]>) {
    try {
      this.#bounds.size.add(1, 1);
      return super.completeStreamItem(...item);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  override handleStream(
    index: number,
    path: Path,
    unheard: RestOfList,
    usage: StreamUsage,
    info: GraphQLResolveInfo,
    itemType: GraphQLOutputType,
  ): boolean {
    const rest = listenedTo(unheard, this.state.unread);
    const { fieldDetailsList } = usage;
    const executor = new SideBySideExecutor(this);
    const queue = new LateQueue(rest, () =>
      executor.buildStreamItemQueue(index, path, rest.handle, fieldDetailsList, info, itemType, rest.isAsync),
    );
    this.streams.push({ label: usage.label, path, queue, initialCount: index });
    this.state.starts.set(pathKey(keysOf(path)), index);
    return true;
  }
}

/** Only builds the queue of a streamed list: with early execution, while what the items defer waits as it always does. */
class SideBySideExecutor extends CarefulExecutor {
  readonly #owner: BatchingExecutor;

  constructor(owner: BatchingExecutor) {
    super({ ...owner.validatedExecutionArgs, enableEarlyExecution: true }, owner.state, owner.sharedExecutionContext);
    this.#owner = owner;
  }

  override getCreateSubExecutor() {
    return this.#owner.getCreateSubExecutor();
  }
}

function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step: Path | undefined = path; step; step = step.prev) keys.unshift(step.key);
  return keys;
}
