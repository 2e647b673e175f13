import { GraphQLError } from "graphql";
import { fieldError } from "../field-error.ts";
import { maxSizeErrors, type ResultSize, tooManyErrors } from "../result-size.ts";
import type { RejectionHandlers } from "./rejection-handlers.ts";
import { FieldPositions, type Path, type Position, type Positions, withAncestors } from "./response-positions.ts";

interface FieldError {
  readonly error: GraphQLError;
  /** The position that it has made null. Undefined for the whole response. */
  readonly nulled: Position | undefined;
  /** The number of each field and item on the path from the root. */
  readonly order: readonly number[];
  /** The event-loop tick in which it occurred, 0 for the first one. */
  readonly tick: number;
  /** How many ancestors of the pending position null propagation made null. */
  readonly hops: number;
}

/**
 * The errors of one execution, and the rules by which graphql-js selects and orders them.
 *
 * graphql-js executes depth first, and adds an error at once unless an ancestor is null already. Here many objects are
 * executed together, so the errors are sorted afterwards: by event-loop tick, and within a tick by response position. Then each
 * error is left out that lies below a position which an earlier one has made null. Of the errors of one tick that followed
 * promises, those without null propagation come first: graphql-js propagates an error through one promise per level, so it
 * arrives later than the others.
 */
export class FieldErrors {
  readonly #errors: FieldError[] = [];
  readonly #rejectionHandlers: RejectionHandlers;
  readonly #size: ResultSize | undefined;
  readonly #maxErrors: number;
  #sizeErrors = 0;
  #tick = 0;
  #isTickOpen = true;
  #isDataNull = false;

  /** @param size its limits say how many errors are listed; one more says that there were others */
  constructor(rejectionHandlers: RejectionHandlers, size: ResultSize | undefined) {
    this.#rejectionHandlers = rejectionHandlers;
    this.#size = size;
    this.#maxErrors = size?.limits.resultErrors ?? Number.POSITIVE_INFINITY;
  }

  get count(): number {
    return this.#errors.length;
  }

  get isDataNull(): boolean {
    return this.#isDataNull;
  }

  /** The synchronous part is over, or paused: later errors belong to a later tick. */
  endTick(): void {
    this.#isTickOpen = false;
  }

  /**
   * Null propagation (section 6.4.4 of the specification): makes the position null, or its nearest nullable ancestor.
   *
   * @param resumed the positions whose pending values are being completed
   */
  fail(position: Position, rawError: unknown, resumed: ReadonlySet<Positions> | undefined): void {
    const { positions, key } = position;
    const isSizeError = this.#size?.isSizeError(rawError) ?? false;
    if (isSizeError) this.#sizeErrors++;
    const isListed = this.#errors.length <= this.#maxErrors && !(isSizeError && this.#sizeErrors > maxSizeErrors + 1);
    let hops = 0;
    let isAbove = false;
    let nulled: Position | undefined;
    for (const at of withAncestors(position)) {
      if (!at.positions.shape.isNonNull) {
        nulled = at;
        break;
      }
      at.positions.markFailed(at.key);
      // Its other fields are not read any more.
      if (at.positions instanceof FieldPositions) this.#rejectionHandlers.addTo(at.positions.level.sources[at.key]);
      isAbove ||= resumed?.has(at.positions) ?? false;
      if (isAbove) hops++;
    }
    if (isListed) {
      const error = fieldError(
        this.#listed(rawError, isSizeError),
        positions.root.field.nodes,
        pathArray(positions.pathOf(key)),
      );
      this.#errors.push({ error, nulled, order: orderOf(position), tick: this.#currentTick(), hops });
    }
    if (nulled) nullify(nulled);
    else this.#isDataNull = true;
  }

  /** Makes the whole response null, for an error without a position. */
  failAll(error: Error): void {
    const located = error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
    this.#errors.push({ error: located, nulled: undefined, order: [], tick: this.#currentTick(), hops: 0 });
    this.#isDataNull = true;
  }

  /** Whether null propagation has made a position or one of its ancestors null. */
  isNulled(position: Position): boolean {
    return (
      this.#isDataNull || withAncestors(position).some(({ positions, key }) => positions.nulled?.has(key) ?? false)
    );
  }

  /** The errors in the order of the response. */
  list(): GraphQLError[] {
    const before = new Map<Positions | undefined, Set<number | undefined>>();
    const listed: GraphQLError[] = [];
    for (const { error, nulled } of this.#errors.toSorted(compare)) {
      if (before.has(undefined)) break;
      if (nulled && withAncestors(nulled).some(({ positions, key }) => before.get(positions)?.has(key))) continue;
      const keys = before.get(nulled?.positions) ?? new Set();
      before.set(nulled?.positions, keys.add(nulled?.key));
      listed.push(error);
    }
    return listed;
  }

  /** The last error of the list says instead that there are others. */
  #listed(rawError: unknown, isSizeError: boolean): unknown {
    if (this.#errors.length === this.#maxErrors) return tooManyErrors(this.#maxErrors);
    return isSizeError && this.#sizeErrors > maxSizeErrors ? this.#size?.furtherSizeErrors() : rawError;
  }

  #currentTick(): number {
    if (!this.#isTickOpen) {
      this.#isTickOpen = true;
      this.#tick++;
      process.nextTick(() => {
        this.#isTickOpen = false;
      });
    }
    return this.#tick;
  }
}

function nullify({ positions, key }: Position): void {
  positions.store(key, null);
  positions.nulled ??= new Set();
  positions.nulled.add(key);
}

function compare(left: FieldError, right: FieldError): number {
  if (left.tick !== right.tick) return left.tick - right.tick;
  if (left.tick > 0 && left.hops !== right.hops) return left.hops - right.hops;
  return compareOrders(left.order, right.order);
}

/** In the order of the response. An error of a position comes after those below it. */
function compareOrders(left: readonly number[], right: readonly number[]): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = (left[at] as number) - (right[at] as number);
    if (difference !== 0) return difference;
  }
  return right.length - left.length;
}

const orderOf = (position: Position): number[] =>
  [...withAncestors(position)]
    .map(({ positions, key }) => (positions instanceof FieldPositions ? positions.field.index : key))
    .reverse();

function pathArray(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step = path; step !== undefined; step = step.prev) keys.push(step.key);
  return keys.reverse();
}
