import type { Operation } from "../document/operations.ts";
import type { Parameter } from "../document/parameters.ts";
import type { Shape } from "../schema/shape.ts";
import { bareShape, type Field, fieldsOf, isNullable, type Rows, rowsOf, type ShapeOf } from "./fields.ts";
import { type KeyParameter, keyParametersOf } from "./key-parameter.ts";
import { hasPages, pageSizeOf, sizeNames } from "./paging.ts";

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

/** The batch read that an operation allows, or the reason why a likely one is not proposed. */
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
  if (rows === undefined || isNullable(rows.item, shapeOf) || ofOthers.test(lastWord(operation))) {
    return { proposals, refusals };
  }
  for (const keyParameter of keyParametersOf(operation)) {
    const field = keyFieldOf(keyParameter.name, operation, rows, shapeOf);
    if (field === undefined) continue;
    const isOne = isIdentity(field, fieldsOf(rows.item, shapeOf, 1), singleKeys);
    // The rows of many keys fill more than a page, and a batch is one call.
    if (!isOne && (!references.test(plainWord(field.lastName)) || hasPages(operation, body, rows, shapeOf))) continue;
    if (!keyParameter.isEnough) refusals.push(`${keyParameter.why}, but other parameters have to be sent too`);
    else if (operation.path.includes("{")) refusals.push(`${keyParameter.why}, but its path has values too`);
    else
      proposals.push(
        proposalOf(operation, keyParameter, rows, field, { isOne, isPaged: hasPages(operation, body, rows, shapeOf) }),
      );
  }
  return { proposals, refusals };
}

/** Rows of such a path are others than those that it was asked about. */
const ofOthers =
  /recommend|similar|related|suggest|match|neighbo|descendant|ancestor|children|parents|history|changes/i;

const lastWord = ({ template: { path } }: Operation): string =>
  path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "";

/** Fields that name a thing wherever they are. */
const identities = /^(id|uid|uuid|guid|key|slug|sku)$/i;

/** Fields that refer to a thing. Others, such as a state, a kind or a title, are what lists are searched by. */
const references =
  /(ids?|uids?|uuids?|guids?|keys?|codes?|numbers?|slugs?|skus?|emails?|usernames?|logins?|handles?|symbols?|isbn\d*|eans?|gtins?|upcs?|asins?|accessions?|cca\d|iso\w?\d*)$/;

/** Beside an `id`, another field refers to other things, also where these can be read by it. */
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
      `${field.name} of a row is the key that it was asked for by`,
      isOne ? "a key has one row or none" : "a key has any number of rows, and all of them are in the answer",
      "a key that is unknown is left out of the answer and does not make it fail",
      limit.words,
      ...(isPosted ? ["the POST changes nothing"] : []),
    ],
  };
}

/** Few enough for a page of any size. */
const smallestPage = 10;

/** A list that has pages is not asked for more keys than a page has rows. */
function limitOf(
  { maximum }: KeyParameter,
  size: Parameter | undefined,
  isPaged: boolean,
): { maxKeys: number; words: string } {
  const pageSize = size ? pageSizeOf(size) : undefined;
  const keys = maximum?.count ?? 100;
  if (size && pageSize && pageSize < keys) {
    return {
      maxKeys: pageSize,
      words: `at most ${pageSize} keys per call, since a page has as many rows (${size.name})`,
    };
  }
  if (maximum === undefined && isPaged && pageSize === undefined) {
    const words = `at most ${smallestPage} keys per call, since it has pages and does not say how large they are`;
    return { maxKeys: smallestPage, words };
  }
  const where = maximum ? maximum.where : "the document says nothing, this is the readers' default";
  return { maxKeys: keys, words: `at most ${keys} keys per call (${where})` };
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

/** A few values that are known beforehand are no keys, but what a list is filtered by. */
function isKey(shape: Shape): boolean {
  return shape.kind === "plain" && /^z\.(string|int|int32|number|guid)\(/.test(shape.code);
}
