import type { Operation } from "../document/operations.ts";
import type { Parameter } from "../document/parameters.ts";
import type { Shape } from "../schema/shape.ts";
import { bareShape, type Field, fieldsOf, isNullable, type Rows, rowsOf, type ShapeOf } from "./fields.ts";
import { type KeyParameter, keyParametersOf } from "./key-parameter.ts";
import { hasPages, pageSizeOf, sizeNames } from "./paging.ts";

/** A batch read that the document suggests. Only the service shows whether its assumptions are true. */
export interface BatchProposal {
  readonly keyParameter: KeyParameter;
  readonly rows: Rows;
  /** The field with the key of a row, `id`. */
  readonly keyField: string;
  /** The code that reads the key field of `row`. */
  readonly keyAccess: string;
  readonly reader: "oneByKey" | "manyByKey";
  readonly maxKeys: number;
  /** Query parameters besides the keys. */
  readonly query: Readonly<Record<string, string>>;
  readonly why: string;
  readonly assumptions: readonly string[];
}

/** The batch reads of an operation, and the reasons why likely ones are not proposed. */
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
  if (rows === undefined || isNullable(rows.item, shapeOf) || relationNames.test(lastWord(operation))) {
    return { proposals, refusals };
  }
  for (const keyParameter of keyParametersOf(operation)) {
    const field = keyFieldOf(keyParameter.name, operation, rows, shapeOf);
    if (field === undefined) continue;
    const isOne = isIdentity(field, fieldsOf(rows.item, shapeOf, 1), singleKeys);
    // Many rows per key need several pages, but a batch is one call.
    if (!isOne && (!references.test(plainWord(field.lastName)) || hasPages(operation, body, rows, shapeOf))) continue;
    if (!keyParameter.isEnough) refusals.push(`${keyParameter.why}, but other parameters are required too`);
    else if (operation.path.includes("{")) refusals.push(`${keyParameter.why}, but its path has parameters too`);
    else
      proposals.push(
        proposalOf(operation, keyParameter, rows, field, { isOne, isPaged: hasPages(operation, body, rows, shapeOf) }),
      );
  }
  return { proposals, refusals };
}

/** The rows of such a path are related to the requested ones, and not these themselves. */
const relationNames =
  /recommend|similar|related|suggest|match|neighbo|descendant|ancestor|children|parents|history|changes/i;

const lastWord = ({ template: { path } }: Operation): string =>
  path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "";

/** Fields that identify a row in any object. */
const identities = /^(id|uid|uuid|guid|key|slug|sku)$/i;

/** Fields that refer to a row. Other fields, such as a state, a kind or a title, are filters. */
const references =
  /(ids?|uids?|uuids?|guids?|keys?|codes?|numbers?|slugs?|skus?|emails?|usernames?|logins?|handles?|symbols?|isbn\d*|eans?|gtins?|upcs?|asins?|accessions?|cca\d|iso\w?\d*)$/;

/** Beside an `id`, another field refers to other rows, even if there is a read of one row by it. */
const isIdentity = ({ lastName }: Field, fields: readonly Field[], singleKeys: ReadonlySet<string>): boolean =>
  identities.test(lastName) ||
  (singleKeys.has(plainWord(lastName)) && !fields.some(({ name }) => identities.test(name)));

function proposalOf(
  operation: Operation,
  keyParameter: KeyParameter,
  rows: Rows,
  field: Field,
  { isOne, isPaged }: { readonly isOne: boolean; readonly isPaged: boolean },
): BatchProposal {
  const size = operation.parameters.find(({ name, in: where }) => where === "query" && sizeNames.test(name));
  const limit = limitOf(keyParameter, size, isPaged);
  const isPosted = operation.method === "post";
  return {
    keyParameter,
    rows,
    keyField: field.name,
    keyAccess: field.access.replace(/^body/, "row"),
    reader: isOne ? "oneByKey" : "manyByKey",
    maxKeys: limit.maxKeys,
    query: size && pageSizeOf(size) ? { [size.name]: String(pageSizeOf(size)) } : {},
    why: `${keyParameter.why}, and each row of ${rows.where} has the field ${field.name}.`,
    assumptions: [
      `the field ${field.name} of a row is its key`,
      isOne ? "a key has at most one row" : "a key has any number of rows, and the response has all of them",
      "an unknown key has no row, and does not make the call fail",
      limit.text,
      ...(isPosted ? ["the POST has no side effect"] : []),
    ],
  };
}

/** Small enough for a page of any API. */
const smallestPage = 10;

/** The maximum number of keys: for a paged list, not more than the size of a page. */
function limitOf(
  { maximum }: KeyParameter,
  size: Parameter | undefined,
  isPaged: boolean,
): { maxKeys: number; text: string } {
  const pageSize = size ? pageSizeOf(size) : undefined;
  const keys = maximum?.count ?? 100;
  if (size && pageSize && pageSize < keys) {
    return {
      maxKeys: pageSize,
      text: `at most ${pageSize} keys per call, the size of a page (${size.name})`,
    };
  }
  if (maximum === undefined && isPaged && pageSize === undefined) {
    const text = `at most ${smallestPage} keys per call, because the list is paged and the page size is unknown`;
    return { maxKeys: smallestPage, text };
  }
  const where = maximum ? maximum.where : "the default of the readers; the document has no limit";
  return { maxKeys: keys, text: `at most ${keys} keys per call (${where})` };
}

/** The field of a row that the name of a parameter refers to: `id` for `ids` and `petIds` of a pet, `cca2` for `cca2`. */
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

function candidatesOf(parameter: string, operation: Operation, { item }: Rows): string[] {
  const word = plainWord(parameter);
  const singulars = [...new Set([word, singular(word)])];
  const thing = lastWord(operation);
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

/** Whether the values of a shape can be keys. Those of an enumeration are filters. */
function isKey(shape: Shape): boolean {
  return shape.kind === "plain" && /^z\.(string|int|int32|number|guid)\(/.test(shape.code);
}
