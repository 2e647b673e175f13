import type { GraphQLResolveInfo } from "graphql";
import type { PendingValues } from "./pending-values.ts";
import type { RejectionHandlers } from "./rejection-handlers.ts";
import type { Row } from "./rows.ts";
import type { FieldPlan, SelectionPlan } from "./selection-plan.ts";
import type { ListShape, Shape } from "./shape.ts";

export type Path = GraphQLResolveInfo["path"];

/**
 * Positions in the response, by number: one field of all objects of a level (`FieldPositions`), or the items of one list
 * (`ListPositions`). A position knows its parent, so that a path is made only when it is asked for.
 */
export type Positions = FieldPositions | ListPositions;

/** One position in the response. */
export interface Position {
  readonly positions: Positions;
  readonly key: number;
}

/** The position and its ancestors: the list or object that contains it, and so on up to a root field. */
export function* withAncestors(position: Position): Generator<Position, void, void> {
  let at: Position | undefined = position;
  while (at !== undefined) {
    yield at;
    at = at.positions.parentOf(at.key);
  }
}

/** The position of the field that the position belongs to: itself, or the field of its list. */
export function rootOf(position: Position): { readonly positions: FieldPositions; readonly key: number } {
  let { positions, key } = position;
  while (positions instanceof ListPositions) {
    key = positions.ownerKey;
    positions = positions.owner;
  }
  return { positions, key };
}

/** Adjacent rows: the first of them is at `firstKey` of `positions`. */
interface PositionRange {
  readonly positions: Positions;
  readonly firstRow: number;
  readonly firstKey: number;
  nextKey: number;
}

/** The objects of a level that have one selection set. It is executed once for all of them. */
export class Level {
  readonly plan: SelectionPlan;
  readonly sources: unknown[] = [];
  /** The objects of the response, one per source. */
  readonly rows: Row[] = [];
  /** Rows that null propagation has made null while the level was executed: their other fields are skipped. */
  failed: Set<number> | undefined;
  /** The positions of the rows. Empty for the root. */
  readonly #ranges: PositionRange[] = [];
  #last: PositionRange | undefined;
  /** How many of the sources have rejection handlers. */
  #handledCount = 0;
  readonly #fields: (FieldPositions | undefined)[] = [];
  #paths: (Path | undefined)[] | undefined;

  constructor(plan: SelectionPlan) {
    this.plan = plan;
  }

  /** Adds an object. Returns the row that was made for it. */
  add(source: unknown, positions: Positions, key: number): Row {
    const row = this.plan.code.createRow();
    const last = this.#last;
    if (last !== undefined && last.positions === positions && last.nextKey === key) last.nextKey++;
    else this.#begin(positions, key);
    this.sources.push(source);
    this.rows.push(row);
    return row;
  }

  /** Handles rejections of promises in the sources and of pending values, before a pause. */
  handleRejections(rejectionHandlers: RejectionHandlers): void {
    const { sources } = this;
    while (this.#handledCount < sources.length) rejectionHandlers.addTo(sources[this.#handledCount++]);
    for (const positions of this.#fields) for (const pending of positions?.pending ?? []) pending.handleRejections();
  }

  #begin(positions: Positions, key: number): void {
    this.#last = { positions, firstRow: this.rows.length, firstKey: key, nextKey: key + 1 };
    this.#ranges.push(this.#last);
  }

  /** The position of a row. Undefined for the root. */
  positionOf(row: number): Position | undefined {
    const ranges = this.#ranges;
    let low = 0;
    let high = ranges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((ranges[middle] as PositionRange).firstRow <= row) low = middle;
      else high = middle - 1;
    }
    const range = ranges[low];
    return range && { positions: range.positions, key: range.firstKey + row - range.firstRow };
  }

  /** Adds the root of the response, which has no position. */
  addRoot(source: unknown): void {
    this.sources.push(source);
    this.rows.push(this.plan.code.createRow());
  }

  positionsOf(field: FieldPlan): FieldPositions {
    let positions = this.#fields[field.index];
    if (positions === undefined) {
      positions = new FieldPositions(this, field);
      this.#fields[field.index] = positions;
    }
    return positions;
  }

  pathOf(row: number): Path | undefined {
    this.#paths ??= [];
    let path = this.#paths[row];
    if (path === undefined) {
      const position = this.positionOf(row);
      path = position?.positions.pathOf(position.key);
      this.#paths[row] = path;
    }
    return path;
  }
}

/** The positions of one field in every object of a level, by the object's number. */
export class FieldPositions {
  readonly level: Level;
  readonly field: FieldPlan;
  readonly shape: Shape;
  /** Positions that null propagation has made null. */
  nulled: Set<number> | undefined;
  /** The next levels, gathered since the last ones were executed. */
  children: Level[] | undefined;
  pending: PendingValues<Positions>[] | undefined;
  /** The `info` of each resolver call, where a type resolver gets the same. */
  readonly infos: GraphQLResolveInfo[] = [];

  constructor(level: Level, field: FieldPlan) {
    this.level = level;
    this.field = field;
    this.shape = field.shape;
  }

  get root(): FieldPositions {
    return this;
  }

  /** The position of the object. Undefined for the root. */
  parentOf(key: number): Position | undefined {
    return this.level.positionOf(key);
  }

  /** Null propagation has made the object null: its other fields are skipped. */
  markFailed(key: number): void {
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

/** The positions of the items of one list. */
export class ListPositions {
  /** The positions of the field that the list belongs to. */
  readonly root: FieldPositions;
  readonly shape: Shape;
  /** The positions that contain the list itself. */
  readonly owner: Positions;
  readonly ownerKey: number;
  readonly items: unknown[] = [];
  nulled: Set<number> | undefined;
  /** Whether null propagation has made the list null: its other items are skipped. */
  hasFailed = false;
  #path: Path | undefined;

  constructor(owner: Positions, ownerKey: number, shape: ListShape) {
    this.root = owner.root;
    this.owner = owner;
    this.ownerKey = ownerKey;
    this.shape = shape.item;
  }

  parentOf(): Position {
    return { positions: this.owner, key: this.ownerKey };
  }

  markFailed(): void {
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
