import { keyCode, textCode, valueCode } from "./code-text.ts";
import { eagerNames } from "./references.ts";
import type { Literal, ObjectShape, PropertyShape, Shape, TaggedOption } from "./shape.ts";

export interface RenderOptions {
  /** The constant of a schema, by the name of the schema. */
  readonly constantOf: (name: string) => string;
  /** Whether the constant of a schema is already declared. Otherwise a getter reads it later. */
  readonly isDeclared: (name: string) => boolean;
  /** Whether the constant of a schema has the type of a zod object. That of a recursive schema is only a `ZodType`. */
  readonly isObject: (name: string) => boolean;
}

/** The zod code of a shape. */
export function render(shape: Shape, options: RenderOptions): string {
  const write = (part: Shape): string => render(part, options);
  switch (shape.kind) {
    case "plain":
      return shape.code;
    case "literal":
      return writeLiteral(shape.values);
    case "named":
      return options.constantOf(shape.name);
    case "array":
      return `z.array(${write(shape.item)})`;
    case "record":
      return `z.record(z.string(), ${write(shape.value)})`;
    case "tuple":
      return `z.tuple([${shape.items
        .map((item, index) => (index < shape.required ? write(item) : `${write(item)}.optional()`))
        .join(", ")}]${shape.rest ? `, ${write(shape.rest)}` : ""})`;
    case "object":
      return writeObject(shape, options);
    case "union":
      return `z.union([${shape.options.map(write).join(", ")}])`;
    case "intersection":
      return shape.parts.map(write).reduce((left, right) => `z.intersection(${left}, ${right})`);
    case "discriminated":
      return writeDiscriminated(shape.property, shape.options, options);
    case "nullable":
      return `${write(shape.of)}.nullable()`;
    default:
      return shape satisfies never;
  }
}

function writeLiteral(values: readonly Literal[]): string {
  const texts = values.map(valueCode);
  if (texts.length === 1) return `z.literal(${texts[0]})`;
  const isText = values.every((value) => typeof value === "string");
  return `z.${isText ? "enum" : "literal"}([${texts.join(", ")}])`;
}

function writeObject({ properties, rest }: ObjectShape, options: RenderOptions): string {
  const lines = properties.map((property) => {
    const code = writeProperty(property, options);
    const isLater = [...eagerNames(property.shape)].some((name) => !options.isDeclared(name));
    return isLater ? `get ${keyCode(property.name)}() { return ${code}; },` : `${keyCode(property.name)}: ${code},`;
  });
  const object = `z.${rest === "kept" ? "looseObject" : "object"}({ ${lines.join(" ")} })`;
  return rest === undefined || rest === "kept" ? object : `${object}.catchall(${render(rest, options)})`;
}

function writeProperty(property: PropertyShape, options: RenderOptions): string {
  const code = render(property.shape, options);
  if (property.default !== undefined)
    return withoutInherited(property, `${code}.default(${valueCode(property.default)})`);
  return property.isRequired ? code : withoutInherited(property, `${code}.optional()`);
}

/** Ignores inherited members of an optional property's name, such as `constructor`. */
const withoutInherited = ({ name }: PropertyShape, code: string): string =>
  name in Object.prototype
    ? `z.preprocess((value) => (typeof value === "function" ? undefined : value), ${code})`
    : code;

function writeDiscriminated(property: string, tagged: readonly TaggedOption[], options: RenderOptions): string {
  const isKnown = tagged.every(({ option }) => option.kind !== "named" || options.isObject(option.name));
  const codes = tagged.map(({ option, values, isTagged }) => {
    const code = render(option, options);
    const tag = `{ ${keyCode(property)}: ${writeLiteral(values)} }`;
    if (isTagged) return code;
    return isKnown ? `${code}.extend(${tag})` : `z.intersection(${code}, z.object(${tag}))`;
  });
  const list = `[${codes.join(", ")}]`;
  return isKnown ? `z.discriminatedUnion(${textCode(property)}, ${list})` : `z.union(${list})`;
}
