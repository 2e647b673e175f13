import { readProperties } from "./interpreted-code.ts";
import type { PropertyField } from "./property-field.ts";
import { emptyPrototype } from "./rows.ts";
import { isCoerced } from "./scalar-checks.ts";
import type { SelectionCode } from "./selection-code.ts";
import type { SpecifiedScalar } from "./shape.ts";
import type { Step } from "./step.ts";

/**
 * Compiles a selection set to its own JavaScript: V8's inline caches then know the shape of its objects, while code that all
 * selection sets share becomes megamorphic. Only GraphQL names go into the text: letters, digits and underscores. Undefined
 * where a policy forbids code from strings, and for other names, which only a document that was not parsed can have.
 */
export function compiledCode<Field extends PropertyField>(
  fields: readonly Field[],
  steps: readonly Step<Field>[],
): SelectionCode<Field> | undefined {
  if (!fields.every(({ responseName, definition }) => isName(responseName) && isName(definition.name)))
    return undefined;
  const body = `
    "use strict";
    const { ${Object.keys(isCoerced)
      .map((scalar) => `${scalar}: is${scalar}`)
      .join(", ")} } = isCoerced;
    function Row() {${fields.map(({ responseName }) => `this.${responseName} = undefined;`).join(" ")}}
    Row.prototype = emptyPrototype;
    return {
      createRow: () => new Row(),
      stores: [${fields.map(({ responseName }) => `(row, value) => { row.${responseName} = value; }`).join(", ")}],
      readers: [${steps.map((step, number) => ("properties" in step ? readerText(step.properties, number) : "undefined")).join(",")}],
    };`;
  const groups = steps.map((step) => ("properties" in step ? step.properties : []));
  try {
    return new Function("emptyPrototype", "groups", "readProperties", "isCoerced", body)(
      emptyPrototype,
      groups,
      readProperties,
      isCoerced,
    );
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

const isName = (text: string): boolean => /^[A-Za-z_][A-Za-z_0-9]*$/.test(text);

/** A loop over the objects, with one property read per field. An error of a read fails its field, and the loop continues. */
const readerText = (fields: readonly PropertyField[], step: number): string => `
  (level, completer, row, end) => {
    const { sources, rows } = level;
    const fields = groups[${step}];
    let at = 0, characters = 0;
    while (row < end) {
      try {
        for (; row < end; row++) {
          at = 0;
          if (level.failed !== undefined && level.failed.has(row)) continue;
          const source = sources[row], target = rows[row];
          if (source === null || (typeof source !== "object" && typeof source !== "function")) {
            readProperties(fields, 0, level, row, completer);
            continue;
          }
          ${fields.map(fieldText).join("\n")}
        }
      } catch (error) {
        if (!completer.fail(fields[at], row, error)) readProperties(fields, at + 1, level, row, completer);
        row++;
      }
    }
    if (characters > 0) completer.countCharacters(characters, end - 1);
  }`;

function fieldText(field: PropertyField, at: number): string {
  const { responseName, scalar, isTypeName, parentType, definition } = field;
  if (isTypeName) return `target.${responseName} = ${JSON.stringify(parentType.name)};`;
  const complete = `if (completer.complete(fields[${at}], row, value${at})) continue;`;
  return `
    at = ${at};
    const value${at} = source.${definition.name};
    ${scalar ? `if (is${scalar}(value${at})) { target.${responseName} = value${at}; ${isText(scalar) ? `characters += value${at}.length;` : ""} } else ${complete}` : complete}`;
}

const isText = (scalar: SpecifiedScalar): boolean => scalar === "String" || scalar === "ID";
