import type { PropertyField } from "./property-field.ts";
import { propertyOf } from "./property-of.ts";
import { emptyRow, type Row } from "./rows.ts";
import { isCoerced } from "./scalar-checks.ts";
import type { CodeLevel, PropertyCompleter, PropertyReader, SelectionCode } from "./selection-code.ts";
import type { Step } from "./step.ts";

/** The code of a selection set without compilation: for those that are rarely executed, and where `eval` is forbidden. */
export function interpretedCode<Field extends PropertyField>(
  fields: readonly Field[],
  steps: readonly Step<Field>[],
): SelectionCode<Field> {
  const names = fields.map(({ responseName }) => responseName);
  return {
    createRow() {
      const row = emptyRow();
      for (const name of names) row[name] = undefined;
      return row;
    },
    stores: names.map((name) => (row: Row, value: unknown) => {
      row[name] = value;
    }),
    readers: steps.map((step) => ("properties" in step ? readerOf(step.properties) : undefined)),
  };
}

const readerOf =
  <Field extends PropertyField>(fields: readonly Field[]): PropertyReader<Field> =>
  (level, completer, begin, end) => {
    for (let row = begin; row < end; row++) {
      if (!level.failed?.has(row)) readProperties(fields, 0, level, row, completer);
    }
  };

/** Reads the properties of one object, from the field at `from` on. */
export function readProperties<Field extends PropertyField>(
  fields: readonly Field[],
  from: number,
  level: CodeLevel,
  row: number,
  completer: PropertyCompleter<Field>,
): void {
  const source = level.sources[row];
  const target = level.rows[row] as Row;
  let characters = 0;
  for (let at = from; at < fields.length; at++) {
    const field = fields[at] as Field;
    let value: unknown;
    try {
      value = field.isTypeName ? level.plan.type.name : propertyOf(source, field.definition.name);
    } catch (error) {
      if (completer.fail(field, row, error)) break;
      continue;
    }
    const { scalar } = field;
    if (scalar && isCoerced[scalar](value)) {
      target[field.responseName] = value;
      if (typeof value === "string") characters += value.length;
    } else if (completer.complete(field, row, value)) {
      break;
    }
  }
  if (characters > 0) completer.countCharacters(characters, row);
}
