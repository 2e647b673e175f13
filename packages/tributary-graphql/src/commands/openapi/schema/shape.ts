/** The shape of a value: the intermediate representation between a schema of the document and code. */
export type Shape =
  | { readonly kind: "plain"; readonly code: string; readonly type: string; readonly isUrl?: true }
  | { readonly kind: "literal"; readonly values: readonly Literal[] }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "array"; readonly item: Shape }
  | {
      readonly kind: "tuple";
      readonly items: readonly Shape[];
      /** The number of required items. */
      readonly required: number;
      readonly rest?: Shape;
    }
  | { readonly kind: "record"; readonly value: Shape }
  | ObjectShape
  | { readonly kind: "union"; readonly options: readonly Shape[] }
  | { readonly kind: "intersection"; readonly parts: readonly Shape[] }
  | { readonly kind: "discriminated"; readonly property: string; readonly options: readonly TaggedOption[] }
  | { readonly kind: "nullable"; readonly of: Shape };

export type Literal = string | number | boolean | null;

export interface ObjectShape {
  readonly kind: "object";
  readonly properties: readonly PropertyShape[];
  /** The shape of the other properties; `"kept"` keeps any. Undefined drops them. */
  readonly rest?: Shape | "kept";
}

export interface PropertyShape {
  readonly name: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
  /** The default of the property when it is absent. */
  readonly default?: unknown;
}

/** An option of a discriminated union. */
export interface TaggedOption {
  readonly option: Shape;
  readonly values: readonly string[];
  /** Whether the option itself restricts its property to these values. Otherwise the union has to. */
  readonly isTagged: boolean;
}

type PlainShape = Shape & { readonly kind: "plain" };

const plain = (code: string, type: string): PlainShape => ({ kind: "plain", code, type });

export const unknownShape = plain("z.unknown()", "unknown");
export const neverShape = plain("z.never()", "never");
export const nullShape = plain("z.null()", "null");
export const stringShape = plain("z.string()", "string");
export const booleanShape = plain("z.boolean()", "boolean");
export const numberShape = plain("z.number()", "number");
export const integerShape = plain("z.int()", "number");

/** A constant of the generated file. */
export const dateTimeShape = plain("dateTime", "string");

/** A string that is probably a URL. It is validated as any string. */
export const urlShape: Shape = { kind: "plain", code: "z.string()", type: "string", isUrl: true };

/**
 * The formats that are validated. Services use others, such as `uri` and `email`, loosely, and such a response is still
 * useful.
 */
export const stringFormats: Readonly<Record<string, Shape>> = {
  "date-time": dateTimeShape,
  date: plain("z.iso.date()", "string"),
  uuid: plain("z.guid()", "string"),
  uri: urlShape,
  url: urlShape,
};

/** `int64` has no entry: `z.int()` refuses an integer that JavaScript cannot represent exactly. */
export const integerFormats: Readonly<Record<string, Shape>> = { int32: plain("z.int32()", "number") };

/** Formats that make a `number` an integer. */
export const wholeFormats: ReadonlySet<string> = new Set(["int64", "uint64", "long", "int32", "integer"]);

export const isSame = (one: Shape, other: Shape): boolean => textOf(one) === textOf(other);

/** The identity of a shape, without facts that are not validated. */
const textOf = (shape: Shape): string =>
  JSON.stringify(shape, (key, value: unknown) => (key === "isUrl" ? undefined : value));

export const nullable = (shape: Shape): Shape =>
  shape.kind === "nullable" || shape === unknownShape || shape === nullShape ? shape : { kind: "nullable", of: shape };

/** A union of distinct options, simplified. */
export function unionOf(options: readonly Shape[]): Shape {
  const flat = joinLiterals(options.flatMap((option) => (option.kind === "union" ? option.options : [option])));
  const distinct = flat.filter((option, index) => flat.findIndex((other) => isSame(option, other)) === index);
  const [first] = distinct;
  if (first === undefined) return neverShape;
  if (distinct.includes(unknownShape)) return unknownShape;
  return distinct.length === 1 ? first : { kind: "union", options: distinct };
}

/** Joins literals: documents may write an enumeration as one option per value. */
function joinLiterals(options: readonly Shape[]): Shape[] {
  const values = options.flatMap((option) => (option.kind === "literal" ? option.values : []));
  const joined: Shape[] = values.length > 0 ? [{ kind: "literal", values: [...new Set(values)] }] : [];
  return [...joined, ...options.filter((option) => option.kind !== "literal")];
}

/** An intersection, simplified. */
export function intersectionOf(parts: readonly Shape[]): Shape {
  const met: Shape[] = [];
  for (const part of parts.filter((one) => one !== unknownShape)) {
    const index = met.findIndex((one) => meet(one, part) !== undefined);
    const one = met[index];
    if (one === undefined) met.push(part);
    else met[index] = meet(one, part) ?? one;
  }
  const [first = unknownShape] = met;
  return met.length <= 1 ? first : { kind: "intersection", parts: met };
}

/** One shape for the intersection of two. Undefined if there is none. */
function meet(one: Shape, other: Shape): Shape | undefined {
  if (isSame(one, other)) return other;
  if (isAnyObject(one) && isObject(other)) return other;
  if (isAnyObject(other) && isObject(one)) return one;
  if (one.kind === "array" && other.kind === "array") {
    return { kind: "array", item: intersectionOf([one.item, other.item]) };
  }
  if (one.kind === "nullable" && other.kind === "nullable") return nullable(intersectionOf([one.of, other.of]));
  if (one.kind === "nullable") return meet(one.of, other);
  if (other.kind === "nullable") return meet(one, other.of);
  if (one.kind === "object" && other.kind === "object") return mergedShape(one, other);
  if (one.kind === "literal" && one.values.every((value) => fits(other, value))) return one;
  if (other.kind === "literal" && other.values.every((value) => fits(one, value))) return other;
  return undefined;
}

/** Whether a shape is only `type: object`. */
export const isAnyObject = (shape: Shape): boolean => shape.kind === "record" && shape.value === unknownShape;

const isObject = ({ kind }: Shape): boolean => kind === "object" || kind === "record" || kind === "named";

function mergedShape(one: ObjectShape, other: ObjectShape): ObjectShape {
  const properties = new Map(one.properties.map((property) => [property.name, property]));
  for (const later of other.properties) {
    const earlier = properties.get(later.name);
    properties.set(later.name, earlier ? bothProperties(earlier, later) : later);
  }
  return { kind: "object", properties: [...properties.values()], rest: other.rest ?? one.rest };
}

/** The intersection of two properties. It is required if one of them is. */
export const bothProperties = (earlier: PropertyShape, later: PropertyShape): PropertyShape => ({
  ...earlier,
  ...later,
  isRequired: earlier.isRequired || later.isRequired,
  shape: intersectionOf([earlier.shape, later.shape]),
});

/** Whether a value certainly matches a shape. */
export function fits(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case "nullable":
      return value === null || fits(shape.of, value);
    case "literal":
      return shape.values.some((literal) => literal === value);
    case "array":
      return Array.isArray(value) && value.length === 0;
    case "plain":
      if (shape === booleanShape) return typeof value === "boolean";
      if (shape === stringShape || shape === urlShape) return typeof value === "string";
      return (shape === numberShape && typeof value === "number") || (isInteger(shape) && Number.isSafeInteger(value));
    default:
      return false;
  }
}

const isInteger = (shape: Shape): boolean => shape === integerShape || shape === integerFormats.int32;
