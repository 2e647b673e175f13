import { GraphQLError } from "graphql";
import { fieldError } from "../field-error.ts";
import { maxExcessErrors, type ResultSize, tooManyErrors } from "../result-size.ts";
import { FieldPlaces, type Path, type Place, type Places, upwards } from "./places.ts";
import type { UnreadValues } from "./unread-values.ts";

interface FieldError {
  readonly error: GraphQLError;
  /** The place that it has made null; undefined for the whole answer. */
  readonly nulled: Place | undefined;
  /** Where the error happened: the number of each field and item on the way from the root. */
  readonly position: readonly number[];
  /** In which turn of the event loop it happened, 0 for what ran at once. */
  readonly turn: number;
  /** How many places above the one that had been waited for it made null. */
  readonly hops: number;
}

/**
 * The errors of one execution, and the rules by which graphql-js chooses and orders them.
 *
 * graphql-js walks the answer depth first, and takes an error up at once unless a place above is null already. Here many
 * objects are done at a time, so the errors are put in that order afterwards: those of one turn of the event loop by
 * their place in the answer, the turns one after the other, and then each is left out that lies below a place which one
 * before it has made null. Of errors in one turn that followed promises, those that made only their own field null come
 * first: graphql-js passes an error up by one promise after the other, which takes it longer than its neighbours.
 */
export class FieldErrors {
  readonly #errors: FieldError[] = [];
  readonly #unread: UnreadValues;
  readonly #size: ResultSize | undefined;
  readonly #maxErrors: number;
  #excessErrors = 0;
  #turn = 0;
  #isTurnOpen = true;
  #isDataNull = false;

  /** @param size whose limits say how many are listed; one more says that there were others. The places of all are null. */
  constructor(unread: UnreadValues, size: ResultSize | undefined) {
    this.#unread = unread;
    this.#size = size;
    this.#maxErrors = size?.limits.resultErrors ?? Number.POSITIVE_INFINITY;
  }

  get count(): number {
    return this.#errors.length;
  }

  get isDataNull(): boolean {
    return this.#isDataNull;
  }

  /** What ran at once is over, or paused: errors from here on come later. */
  endTurn(): void {
    this.#isTurnOpen = false;
  }

  /**
   * Makes the place null, or the nearest one above that may be. What is below belongs to no answer any more.
   *
   * @param resumed the places that are being gone on with, after they were waited for
   */
  fail(place: Place, rawError: unknown, resumed: ReadonlySet<Places> | undefined): void {
    const { places, key } = place;
    const isExcess = this.#size?.isExcess(rawError) ?? false;
    if (isExcess) this.#excessErrors++;
    const isListed = this.#errors.length <= this.#maxErrors && !(isExcess && this.#excessErrors > maxExcessErrors + 1);
    let hops = 0;
    let isAbove = false;
    let nulled: Place | undefined;
    for (const at of upwards(place)) {
      if (!at.places.shape.isNonNull) {
        nulled = at;
        break;
      }
      at.places.giveUp(at.key);
      // Its other fields may not be read any more.
      if (at.places instanceof FieldPlaces) this.#unread.listenWithin(at.places.level.sources[at.key]);
      isAbove ||= resumed?.has(at.places) ?? false;
      if (isAbove) hops++;
    }
    if (isListed) {
      const error = fieldError(
        this.#listed(rawError, isExcess),
        places.root.field.nodes,
        pathArray(places.pathOf(key)),
      );
      this.#errors.push({ error, nulled, position: positionOf(place), turn: this.#currentTurn(), hops });
    }
    if (nulled) nullify(nulled);
    else this.#isDataNull = true;
  }

  /** Makes the whole answer null, for what has no place in it. */
  failAll(error: Error): void {
    const located = error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
    this.#errors.push({ error: located, nulled: undefined, position: [], turn: this.#currentTurn(), hops: 0 });
    this.#isDataNull = true;
  }

  /** Whether a place is null because of an error, or belongs to something that is. */
  isGone(place: Place): boolean {
    return this.#isDataNull || upwards(place).some(({ places, key }) => places.nulled?.has(key) ?? false);
  }

  /** The errors as the answer lists them. */
  list(): GraphQLError[] {
    const before = new Map<Places | undefined, Set<number | undefined>>();
    const listed: GraphQLError[] = [];
    for (const { error, nulled } of this.#errors.toSorted(compare)) {
      if (before.has(undefined)) break;
      if (nulled && upwards(nulled).some(({ places, key }) => before.get(places)?.has(key))) continue;
      const keys = before.get(nulled?.places) ?? new Set();
      before.set(nulled?.places, keys.add(nulled?.key));
      listed.push(error);
    }
    return listed;
  }

  /** The last that is listed says instead that there are others. */
  #listed(rawError: unknown, isExcess: boolean): unknown {
    if (this.#errors.length === this.#maxErrors) return tooManyErrors(this.#maxErrors);
    return isExcess && this.#excessErrors > maxExcessErrors ? this.#size?.excessInMore() : rawError;
  }

  #currentTurn(): number {
    if (!this.#isTurnOpen) {
      this.#isTurnOpen = true;
      this.#turn++;
      process.nextTick(() => {
        this.#isTurnOpen = false;
      });
    }
    return this.#turn;
  }
}

function nullify({ places, key }: Place): void {
  places.store(key, null);
  places.nulled ??= new Set();
  places.nulled.add(key);
}

function compare(left: FieldError, right: FieldError): number {
  if (left.turn !== right.turn) return left.turn - right.turn;
  if (left.turn > 0 && left.hops !== right.hops) return left.hops - right.hops;
  return comparePositions(left.position, right.position);
}

/** In the order of the answer; what is the matter with a place as a whole comes after what is below it. */
function comparePositions(left: readonly number[], right: readonly number[]): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = (left[at] as number) - (right[at] as number);
    if (difference !== 0) return difference;
  }
  return right.length - left.length;
}

const positionOf = (place: Place): number[] =>
  [...upwards(place)].map(({ places, key }) => (places instanceof FieldPlaces ? places.field.index : key)).reverse();

function pathArray(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step = path; step !== undefined; step = step.prev) keys.push(step.key);
  return keys.reverse();
}
