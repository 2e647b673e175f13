import type { PropertyField } from "./property-field.ts";
import type { Row } from "./rows.ts";

/** What a selection set does so often that it is worth a machine code of its own. */
export interface SelectionCode<Field> {
  createRow(): Row;
  /** Writes a field's value into a row, by the field's number. */
  readonly stores: readonly ((row: Row, value: unknown) => void)[];
  /** Reads runs of properties, by the number of the step; undefined for the step of a field that has a resolver. */
  readonly readers: readonly (PropertyReader<Field> | undefined)[];
}

/** Reads a run of fields from the properties of some objects of a level: those of the rows from `row` to before `end`. */
export type PropertyReader<Field> = (level: CodeLevel, others: OtherValues<Field>, row: number, end: number) => void;

/** A level as the code of its selection set sees it. */
export interface CodeLevel {
  readonly plan: { readonly type: PropertyField["parentType"] };
  readonly sources: readonly unknown[];
  readonly rows: readonly Row[];
  /** Rows that are null already. */
  readonly failed: ReadonlySet<number> | undefined;
}

/** What is not simply a value of its type. */
export interface OtherValues<Field> {
  /**
   * Takes a value that is null, a promise, a function, of another type, …
   *
   * @returns whether it has made the row null, so that the other fields of the row are left out
   */
  take(field: Field, row: number, value: unknown): boolean;
  /** The same for a property that could not be read. */
  fail(field: Field, row: number, error: unknown): boolean;
  /** Counts the characters of the texts that were copied, up to this row. */
  addText(characters: number, row: number): void;
}
