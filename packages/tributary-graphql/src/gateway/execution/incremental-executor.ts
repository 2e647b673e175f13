import {
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isListType,
  type ValidatedExecutionArgs,
} from "graphql";
import { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import { readProperty } from "../../core/thrown-values.ts";
import type { RejectionHandlers } from "./breadth-first/rejection-handlers.ts";
import type { FallbackLimits } from "./fallback-limits.ts";
import { fieldError } from "./field-error.ts";
import type { LimitedErrors } from "./limited-errors.ts";
import { LazyQueue, type RemainingItems, withRejectionHandlers } from "./streamed-items.ts";

type Path = GraphQLResolveInfo["path"];
type StreamUsage = Parameters<IncrementalExecutor["handleStream"]>[3];
type SharedContext = NonNullable<ConstructorParameters<typeof IncrementalExecutor>[1]>;
type DeferUsages = ConstructorParameters<typeof IncrementalExecutor>[2];

/** The streamed lists, with the number of items in their first payload, by `pathKey`. */
export type InitialCounts = Map<string, number>;

/** Shared by all executors of one operation. */
export interface IncrementalState {
  readonly initialCounts: InitialCounts;
  readonly rejectionHandlers: RejectionHandlers;
}

/** A path as a key of a map. */
export const pathKey = (path: readonly (string | number)[]): string => JSON.stringify(path);

/**
 * graphql's incremental executor, made safe. Fields may throw any value, where graphql's own expects an `Error` that can be
 * read. Promises in values that it drops, or reads later, have rejection handlers: an unhandled rejection ends the process.
 */
class SafeExecutor extends IncrementalExecutor {
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

  /** Deferred fields are read when the payload before them is complete. */
  override collectExecutionGroups(...group: Parameters<IncrementalExecutor["collectExecutionGroups"]>) {
    this.state.rejectionHandlers.addTo(group[1]);
    super.collectExecutionGroups(...group);
  }

  override completePromisedValue(...value: Parameters<IncrementalExecutor["completePromisedValue"]>) {
    this.#handleLate(value[4]);
    return super.completePromisedValue(...value);
  }

  override completePromisedListItemValue(...item: Parameters<IncrementalExecutor["completePromisedListItemValue"]>) {
    this.#handleLate(item[0]);
    return super.completePromisedListItemValue(...item);
  }

  /** A value that comes after an abort is dropped. Only for native promises: a thenable may do its work again per `then`. */
  #handleLate(promise: unknown): void {
    if (!(promise instanceof Promise)) return;
    void promise.then(
      (outcome) => this.aborted && this.state.rejectionHandlers.addTo(outcome),
      () => undefined,
    );
  }

  /** A value is not read when its type is pending, it is dropped with an error, or it is a leaf. */
  override completeValue(...value: Parameters<IncrementalExecutor["completeValue"]>) {
    const [type, , , , result] = value;
    let isRead = false;
    try {
      const completed = super.completeValue(...value);
      isRead = isListType(type) || (!(completed instanceof Promise) && completed !== result);
      return completed;
    } finally {
      if (!isRead) this.state.rejectionHandlers.addTo(result);
    }
  }
}

/** graphql throws a plain `Error` for it, which would be masked. */
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
 * graphql has two modes. With early execution, streamed items join the loaders' batches of the payload before them, which
 * then waits for them. Without, an item starts when the one before is complete, so each is a batch of its own.
 * Here a list starts when the payload that announces it is complete, and its items then start concurrently: up to a hundred
 * at a time, the rest when the client has taken those.
 */
export class BatchingExecutor extends SafeExecutor {
  readonly #limits: FallbackLimits;
  readonly #errors: LimitedErrors;

  constructor(
    args: ValidatedExecutionArgs,
    state: IncrementalState,
    limits: FallbackLimits,
    shared?: SharedContext,
    usages?: DeferUsages,
  ) {
    super(args, state, shared, usages);
    this.#limits = limits;
    this.#errors = limits.limitErrors(this.collectedErrors);
  }

  /** Without usages, the executor is for an item of a streamed list. */
  override getCreateSubExecutor() {
    return (usages?: DeferUsages) =>
      new BatchingExecutor(
        this.validatedExecutionArgs,
        this.state,
        usages === undefined ? this.#limits.ofItem() : this.#limits,
        this.sharedExecutionContext,
        usages,
      );
  }

  override handleFieldError(...[thrown, ...position]: Parameters<IncrementalExecutor["handleFieldError"]>) {
    super.handleFieldError(this.#errors.errorFor(thrown), ...position);
  }

  /** Counts each object before its fields are executed. Objects may be postponed to the next event-loop iteration. */
  override executeFields(...fields: Parameters<IncrementalExecutor["executeFields"]>) {
    const [, , path, groupedFieldSet] = fields;
    this.#limits.addObject(groupedFieldSet);
    // The root fields must begin at once: an abort before that would have no partial answer.
    if (path === undefined || !this.#limits.isTimeUp()) return this.#executeNow(...fields);
    return this.#limits.postpone(() => {
      if (this.aborted) throw new Error("Aborted!");
      return this.#executeNow(...fields);
    });
  }

  #executeNow(...fields: Parameters<IncrementalExecutor["executeFields"]>) {
    const values = super.executeFields(...fields);
    if (values instanceof Promise) this.#limits.noticePromise();
    return values;
  }

  override completeMaybePromisedListItemValue(
    ...item: Parameters<IncrementalExecutor["completeMaybePromisedListItemValue"]>
  ): boolean {
    this.#limits.size.add(1, 1);
    return super.completeMaybePromisedListItemValue(...item);
  }

  override completeLeafValue(...leaf: Parameters<IncrementalExecutor["completeLeafValue"]>): unknown {
    const value = super.completeLeafValue(...leaf);
    this.#limits.size.addLeaf(value);
    return value;
  }

  /**
   * An item that throws fails after the items before it, as one whose promise is rejected does. An error thrown here would
   * end the queue, and those items with it.
   */
  override completeStreamItem(...item: Parameters<IncrementalExecutor["completeStreamItem"]>) {
    try {
      this.#limits.size.add(1, 1);
      return super.completeStreamItem(...item);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  override handleStream(
    index: number,
    path: Path,
    items: RemainingItems,
    usage: StreamUsage,
    info: GraphQLResolveInfo,
    itemType: GraphQLOutputType,
  ): boolean {
    const rest = withRejectionHandlers(items, this.state.rejectionHandlers);
    const { fieldDetailsList } = usage;
    const executor = new ParallelItemsExecutor(this);
    const queue = new LazyQueue(rest, () =>
      executor.buildStreamItemQueue(index, path, rest.handle, fieldDetailsList, info, itemType, rest.isAsync),
    );
    this.streams.push({ label: usage.label, path, queue, initialCount: index });
    this.state.initialCounts.set(pathKey(keysOf(path)), index);
    return true;
  }
}

/** Only builds the queue of a streamed list, with early execution. Fragments that the items defer still start late. */
class ParallelItemsExecutor extends SafeExecutor {
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
