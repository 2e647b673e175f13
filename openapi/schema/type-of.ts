import { keyOf } from "./identifiers.ts";
import type { ObjectShape, Shape } from "./shape.ts";

/**
 * What a body is once it was checked, as a TypeScript type. Only schemas that lead back to themselves need it written
 * down: of the others the compiler finds it out.
 */
export function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case "plain":
      return shape.type;
    case "literal":
      return shape.values.map((value) => JSON.stringify(value)).join(" | ");
    case "named":
      return shape.name;
    case "array":
      return `(${typeOf(shape.item)})[]`;
    case "record":
      return `{ [key: string]: ${typeOf(shape.value)} }`;
    case "tuple":
      return `[${[...shape.items.map(typeOf), ...(shape.rest ? [`...(${typeOf(shape.rest)})[]`] : [])].join(", ")}]`;
    case "object":
      return objectType(shape);
    case "union":
      return shape.options.map((option) => `(${typeOf(option)})`).join(" | ");
    case "intersection":
      return shape.parts.map((part) => `(${typeOf(part)})`).join(" & ");
    case "discriminated":
      return shape.options
        .map(({ option, values, isTagged }) => {
          const tag = values.map((value) => JSON.stringify(value)).join(" | ");
          return isTagged ? typeOf(option) : `(${typeOf(option)} & { ${keyOf(shape.property)}: ${tag} })`;
        })
        .join(" | ");
    case "nullable":
      return `(${typeOf(shape.of)}) | null`;
    default:
      return shape satisfies never;
  }
}

function objectType({ properties, rest }: ObjectShape): string {
  const members = properties.map(({ name, shape, isRequired, default: value }) => {
    const isThere = isRequired || value !== undefined;
    return `${keyOf(name)}${isThere ? "" : "?"}: ${typeOf(shape)}${isThere ? "" : " | undefined"};`;
  });
  const object = `{ ${members.join(" ")} }`;
  return rest === undefined ? object : `${object} & { [key: string]: ${rest === "kept" ? "unknown" : typeOf(rest)} }`;
}
