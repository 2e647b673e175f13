import type { PropertyField } from "./property-field.ts";
import type { Row } from "./rows.ts";

/** The operations of a selection set that are worth compiling. */
export interface SelectionCode<Field> {
  createRow(): Row;
  /** Writes a field's value into a row, by the field's number. */
  readonly stores: readonly ((row: Row, value: unknown) => void)[];
  /** Read the properties of a step, by its number; undefined for the step of a field that has a resolver. */
  readonly readers: readonly (PropertyReader<Field> | undefined)[];
}

/** Reads some fields from the properties of the objects in the rows from `row` to before `end`. */
export type PropertyReader<Field> = (
  level: CodeLevel,
  completer: PropertyCompleter<Field>,
  row: number,
  end: number,
) => void;

/** The part of a level that the code of its selection set needs. */
export interface CodeLevel {
  readonly plan: { readonly type: PropertyField["parentType"] };
  readonly sources: readonly unknown[];
  readonly rows: readonly Row[];
  /** Rows that are null already. */
  readonly failed: ReadonlySet<number> | undefined;
}

/** Completes the values that a reader cannot simply copy. */
export interface PropertyCompleter<Field> {
  /**
   * Completes a value that is null, a promise, a function, of another type, …
   *
   * @returns whether it has made the row null, so that the other fields of the row are skipped
   */
  complete(field: Field, row: number, value: unknown): boolean;
  /** The same for a property whose read has thrown. */
  fail(field: Field, row: number, error: unknown): boolean;
  /** Counts the characters of the strings that were copied, up to this row. */
  countCharacters(characters: number, row: number): void;
}
