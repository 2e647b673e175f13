import type { Level } from "./places.ts";
import type { Row } from "./rows.ts";
import type { FieldPlan } from "./selection-plan.ts";

/** What a selection set does so often that it is worth a machine code of its own. */
export interface SelectionCode {
  createRow(): Row;
  /** Writes a field's value into a row, by the field's number. */
  readonly stores: readonly ((row: Row, value: unknown) => void)[];
  /** Reads runs of properties, by the number of the step; undefined for the step of a field that has a resolver. */
  readonly readers: readonly (PropertyReader | undefined)[];
}

/** Reads a run of fields from the properties of some objects of a level: those of the rows from `row` to before `end`. */
export type PropertyReader = (level: Level, others: OtherValues, row: number, end: number) => void;

/** What is not simply a value of its type. */
export interface OtherValues {
  /**
   * Takes a value that is null, a promise, a function, of another type, …
   *
   * @returns whether it has made the row null, so that the other fields of the row are left out
   */
  take(field: FieldPlan, row: number, value: unknown): boolean;
  /** The same for a property that could not be read. */
  fail(field: FieldPlan, row: number, error: unknown): boolean;
  /** Counts the characters of the texts that were copied, up to this row. */
  addText(characters: number, row: number): void;
}
