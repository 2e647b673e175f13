import type { GraphQLResolveInfo } from "graphql";
import type { Row } from "./rows.ts";
import type { FieldPlan, SelectionPlan } from "./selection-plan.ts";
import type { ListShape, Shape } from "./shape.ts";
import type { UnreadValues } from "./unread-values.ts";
import type { Waiting } from "./waiting.ts";

export type Path = GraphQLResolveInfo["path"];

/**
 * Where values of the answer belong, by number: a field of all objects of a level (`FieldPlaces`), or the items of one
 * list (`ListPlaces`). A place knows the way up, so that no path is made before somebody asks for it.
 */
export type Places = FieldPlaces | ListPlaces;

/** One place. */
export interface Place {
  readonly places: Places;
  readonly key: number;
}

/** The place, then the list or the object that it is in, and so on up to a field of the root. */
export function* upwards(place: Place): Generator<Place, void, void> {
  let at: Place | undefined = place;
  while (at !== undefined) {
    yield at;
    at = at.places.above(at.key);
  }
}

/** The field whose value it is, or whose list it is in. */
export function rootOf(place: Place): { readonly places: FieldPlaces; readonly key: number } {
  let { places, key } = place;
  while (places instanceof ListPlaces) {
    key = places.ownerKey;
    places = places.owner;
  }
  return { places, key };
}

/** Rows that stand side by side: the first of them at `firstKey` of `places`. */
interface Stretch {
  readonly places: Places;
  readonly firstRow: number;
  readonly firstKey: number;
  nextKey: number;
}

/** The objects of a level that have one selection set: what a plan is run for, once for all of them. */
export class Level {
  readonly plan: SelectionPlan;
  readonly sources: unknown[] = [];
  /** The objects of the answer that are made of the sources. */
  readonly rows: Row[] = [];
  /** Rows that an error has made null while the level was run: their other fields are not asked for any more. */
  failed: Set<number> | undefined;
  /** Where the rows stand; none for the root. */
  readonly #stretches: Stretch[] = [];
  #last: Stretch | undefined;
  /** How many of the sources have been looked into for promises that nobody listens to. */
  #heardCount = 0;
  readonly #fields: (FieldPlaces | undefined)[] = [];
  #paths: (Path | undefined)[] | undefined;

  constructor(plan: SelectionPlan) {
    this.plan = plan;
  }

  /** Takes an object in, and gives the row that was made for it. */
  add(source: unknown, places: Places, key: number): Row {
    const row = this.plan.code.createRow();
    const last = this.#last;
    if (last !== undefined && last.places === places && last.nextKey === key) last.nextKey++;
    else this.#begin(places, key);
    this.sources.push(source);
    this.rows.push(row);
    return row;
  }

  /** Listens to the promises in the sources and of the fields that were run, for a pause before they are waited for. */
  listen(unread: UnreadValues): void {
    const { sources } = this;
    while (this.#heardCount < sources.length) unread.listenWithin(sources[this.#heardCount++]);
    for (const places of this.#fields) for (const waiting of places?.waiting ?? []) waiting.listenBefore();
  }

  #begin(places: Places, key: number): void {
    this.#last = { places, firstRow: this.rows.length, firstKey: key, nextKey: key + 1 };
    this.#stretches.push(this.#last);
  }

  /** Where a row stands; undefined for the root. */
  placeOf(row: number): Place | undefined {
    const stretches = this.#stretches;
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((stretches[middle] as Stretch).firstRow <= row) low = middle;
      else high = middle - 1;
    }
    const stretch = stretches[low];
    return stretch && { places: stretch.places, key: stretch.firstKey + row - stretch.firstRow };
  }

  /** The same for the root of the answer, which stands nowhere. */
  addRoot(source: unknown): void {
    this.sources.push(source);
    this.rows.push(this.plan.code.createRow());
  }

  placesOf(field: FieldPlan): FieldPlaces {
    let places = this.#fields[field.index];
    if (places === undefined) {
      places = new FieldPlaces(this, field);
      this.#fields[field.index] = places;
    }
    return places;
  }

  pathOf(row: number): Path | undefined {
    this.#paths ??= [];
    let path = this.#paths[row];
    if (path === undefined) {
      const place = this.placeOf(row);
      path = place?.places.pathOf(place.key);
      this.#paths[row] = path;
    }
    return path;
  }
}

/** One field of every object of a level, by the object's number. */
export class FieldPlaces {
  readonly level: Level;
  readonly field: FieldPlan;
  readonly shape: Shape;
  /** Places that an error has made null. */
  nulled: Set<number> | undefined;
  /** What has come since the last look: objects to run the next level for, and promises to wait for. */
  children: Level[] | undefined;
  waiting: Waiting<Places>[] | undefined;
  /** What resolvers were told, where a type is to be told the same. */
  readonly infos: GraphQLResolveInfo[] = [];

  constructor(level: Level, field: FieldPlan) {
    this.level = level;
    this.field = field;
    this.shape = field.shape;
  }

  get root(): FieldPlaces {
    return this;
  }

  /** Where the object stands whose field this is; undefined for the root. */
  above(key: number): Place | undefined {
    return this.level.placeOf(key);
  }

  /** An error has made the object null, too: its other fields need not be asked for. */
  giveUp(key: number): void {
    this.level.failed ??= new Set();
    this.level.failed.add(key);
  }

  store(key: number, value: unknown): void {
    this.level.plan.code.stores[this.field.index]?.(this.level.rows[key] as Row, value);
  }

  pathOf(key: number): Path {
    const { responseName, parentType } = this.field;
    return { prev: this.level.pathOf(key), key: responseName, typename: parentType.name };
  }
}

/** The items of one list. */
export class ListPlaces {
  /** The field whose value, or whose value's item, the list is. */
  readonly root: FieldPlaces;
  readonly shape: Shape;
  /** Where the list itself stands. */
  readonly owner: Places;
  readonly ownerKey: number;
  readonly items: unknown[] = [];
  nulled: Set<number> | undefined;
  /** Whether an error has made the list null: its other items need not be completed. */
  hasFailed = false;
  #path: Path | undefined;

  constructor(owner: Places, ownerKey: number, shape: ListShape) {
    this.root = owner.root;
    this.owner = owner;
    this.ownerKey = ownerKey;
    this.shape = shape.item;
  }

  above(): Place {
    return { places: this.owner, key: this.ownerKey };
  }

  giveUp(): void {
    this.hasFailed = true;
  }

  store(key: number, value: unknown): void {
    this.items[key] = value;
  }

  pathOf(key: number): Path {
    this.#path ??= this.owner.pathOf(this.ownerKey);
    return { prev: this.#path, key, typename: undefined };
  }
}
