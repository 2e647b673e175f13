import { keyCode, valueCode } from "./code-text.ts";
import type { ObjectShape, Shape } from "./shape.ts";

/**
 * The TypeScript type of a validated value. Only recursive schemas need it; the compiler infers the others.
 */
export function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case "plain":
      return shape.type;
    case "literal":
      return shape.values.map((value) => valueCode(value)).join(" | ");
    case "named":
      return shape.name;
    case "array":
      return `(${typeOf(shape.item)})[]`;
    case "record":
      return `{ [key: string]: ${typeOf(shape.value)} }`;
    case "tuple":
      return tupleType(shape);
    case "object":
      return objectType(shape);
    case "union":
      return shape.options.map((option) => `(${typeOf(option)})`).join(" | ");
    case "intersection":
      return shape.parts.map((part) => `(${typeOf(part)})`).join(" & ");
    case "discriminated":
      return shape.options
        .map(({ option, values, isTagged }) => {
          const tag = values.map((value) => valueCode(value)).join(" | ");
          return isTagged ? typeOf(option) : `(${typeOf(option)} & { ${keyCode(shape.property)}: ${tag} })`;
        })
        .join(" | ");
    case "nullable":
      return `(${typeOf(shape.of)}) | null`;
    default:
      return shape satisfies never;
  }
}

function tupleType({ items, required, rest }: Shape & { readonly kind: "tuple" }): string {
  const members = items.map((item, index) => (index < required ? typeOf(item) : `(${typeOf(item)} | undefined)?`));
  return `[${[...members, ...(rest ? [`...(${typeOf(rest)})[]`] : [])].join(", ")}]`;
}

function objectType({ properties, rest }: ObjectShape): string {
  const members = properties.map(({ name, shape, isRequired, default: value }) => {
    const isPresent = isRequired || value !== undefined;
    return `${keyCode(name)}${isPresent ? "" : "?"}: ${typeOf(shape)}${isPresent ? "" : " | undefined"};`;
  });
  const object = `{ ${members.join(" ")} }`;
  return rest === undefined ? object : `${object} & { [key: string]: ${rest === "kept" ? "unknown" : typeOf(rest)} }`;
}
