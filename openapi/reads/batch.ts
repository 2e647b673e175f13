import type { Operation, Parameter } from "../document/operations.ts";
import type { Shape } from "../schema/shape.ts";
import { bareShape, type Field, fieldsOf, isNullable, type Rows, rowsOf, type ShapeOf } from "./fields.ts";
import { type KeyParameter, keyParametersOf } from "./key-parameter.ts";
import { pageSizeOf, sizeNames } from "./paging.ts";

/** A read of many keys at once that the document suggests. Whether it holds, only the service can tell. */
export interface BatchProposal {
  readonly keyParameter: KeyParameter;
  readonly rows: Rows;
  /** The field that a row is found by, `id`. */
  readonly keyField: string;
  /** The code that reads it from `row`. */
  readonly keyAccess: string;
  readonly reader: "oneByKey" | "manyByKey";
  readonly maxKeys: number;
  /** Parameters that are sent beside the keys. */
  readonly query: Readonly<Record<string, string>>;
  readonly why: string;
  readonly assumptions: readonly string[];
}

/** What an operation could be asked for many keys at once by, and why what looked like it is not proposed. */
export interface Proposals {
  readonly proposals: readonly BatchProposal[];
  readonly refusals: readonly string[];
}

export function proposeBatches(
  operation: Operation,
  body: Shape,
  singleKeys: ReadonlySet<string>,
  shapeOf: ShapeOf,
): Proposals {
  const proposals: BatchProposal[] = [];
  const refusals: string[] = [];
  const rows = rowsOf(body, shapeOf);
  for (const keyParameter of keyParametersOf(operation)) {
    const field =
      rows && !isNullable(rows.item, shapeOf) ? keyFieldOf(keyParameter.name, operation, rows, shapeOf) : undefined;
    if (rows === undefined || field === undefined) continue;
    if (!keyParameter.isEnough) refusals.push(`${keyParameter.why}, but other parameters have to be sent too`);
    else if (operation.path.includes("{")) refusals.push(`${keyParameter.why}, but its path has values too`);
    else proposals.push(proposalOf(operation, keyParameter, rows, field, singleKeys));
  }
  return { proposals, refusals };
}

/** Fields that name a thing wherever they are. */
const identities = /^(id|uid|uuid|guid|key|slug|sku)$/i;

function proposalOf(
  operation: Operation,
  keyParameter: KeyParameter,
  rows: Rows,
  field: Field,
  singleKeys: ReadonlySet<string>,
): BatchProposal {
  const isIdentity = identities.test(field.lastName) || singleKeys.has(plainWord(field.lastName));
  const size = operation.parameters.find(({ name, in: where }) => where === "query" && sizeNames.test(name));
  const limit = limitOf(keyParameter, size);
  const isPosted = operation.method === "post";
  return {
    keyParameter,
    rows,
    keyField: field.name,
    keyAccess: field.access.replace(/^body/, "row"),
    reader: isIdentity ? "oneByKey" : "manyByKey",
    maxKeys: limit.maxKeys,
    query: size && pageSizeOf(size) ? { [size.name]: String(pageSizeOf(size)) } : {},
    why: `${keyParameter.why}, and each row of ${rows.where} has the field ${field.name}.`,
    assumptions: [
      `${field.name} of a row is the key that it was asked for by`,
      isIdentity ? "a key has one row or none" : "a key has any number of rows, and all of them are in the answer",
      "a key that is unknown is left out of the answer and does not make it fail",
      limit.words,
      ...(isPosted ? ["the POST changes nothing"] : []),
    ],
  };
}

/** A list that has pages is not asked for more keys than a page has rows. */
function limitOf({ maximum }: KeyParameter, size: Parameter | undefined): { maxKeys: number; words: string } {
  const pageSize = size && pageSizeOf(size);
  const keys = maximum?.count ?? 100;
  if (size && pageSize && pageSize < keys) {
    return {
      maxKeys: pageSize,
      words: `at most ${pageSize} keys a call, since a page has as many rows (${size.name})`,
    };
  }
  const where = maximum ? maximum.where : "the document says nothing, this is the readers' default";
  return { maxKeys: keys, words: `at most ${keys} keys a call (${where})` };
}

/** The field of a row that a parameter's name means: `ids` and `petIds` mean `id` of a pet, `cca2` means `cca2`. */
function keyFieldOf(parameter: string, operation: Operation, rows: Rows, shapeOf: ShapeOf): Field | undefined {
  const fields = fieldsOf(rows.item, shapeOf, 2).filter(({ shape }) => isKey(bareShape(shape, shapeOf)));
  const own = fields.filter(({ name, lastName }) => name === lastName);
  const wanted = candidatesOf(parameter, operation, rows);
  const found = wanted.map((word) => own.find(({ name }) => plainWord(name) === word));
  const dotted = fields.find(({ name }) => name.toLowerCase() === parameter.toLowerCase());
  const field = found.find((one) => one !== undefined) ?? dotted;
  if (field || parameter !== "") return field;
  return own.find(({ name }) => identities.test(name));
}

function candidatesOf(parameter: string, { path }: Operation, { item }: Rows): string[] {
  const word = plainWord(parameter);
  const singulars = [...new Set([word, singular(word)])];
  const thing =
    path
      .split("/")
      .filter((part) => part !== "" && !part.startsWith("{"))
      .at(-1) ?? "";
  const things = [singular(plainWord(thing)), ...(item.kind === "named" ? [plainWord(item.name)] : [])];
  const withoutThing = singulars.flatMap((one) =>
    things.filter((name) => name !== "" && one.startsWith(name)).map((name) => one.slice(name.length)),
  );
  return [...singulars, ...withoutThing].filter((one) => one !== "");
}

export const plainWord = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .replace(/list$/, "");
const singular = (word: string): string => word.replace(/ies$/, "y").replace(/(ss|us|is)$|s$/, "$1");

function isKey(shape: Shape): boolean {
  if (shape.kind === "literal")
    return shape.values.every((value) => typeof value === "string" || typeof value === "number");
  return shape.kind === "plain" && /^z\.(string|int|int32|number|guid)\(/.test(shape.code);
}
