import type { DocumentLocation } from "../document/location.ts";
import type { Operation } from "../document/operations.ts";
import type { Parameter } from "../document/parameters.ts";
import { textCode } from "../schema/code-text.ts";
import { booleanShape, type Shape } from "../schema/shape.ts";
import { bareShape, type Field, fieldsOf, type Rows, type ShapeOf } from "./fields.ts";

/** The pagination of a list. */
export interface Paging {
  /** The code of `next`. */
  readonly next: string;
  /** The reason in the document, for people. */
  readonly why: string;
  /** The parameters that the reader sets. */
  readonly parameters: ReadonlySet<string>;
}

const pageNames = /^(page|page[_-]?(number|no|index)|p)$/i;
const offsetNames = /^(offset|skip|\$skip|start[_-]?at)$/i;
const cursorNames =
  /^(cursor|(after|page|next|continuation|starting|start)[_-]?(token|cursor|id)?|after|continuation|marker|starting[_-]after|page[_-]?cursor|next[_-]?page[_-]?token)$/i;
const nextNames =
  /^(@odata\.next[_-]?link|next|next[_-]?(page)?[_-]?(cursor|token|url|uri|href|link|marker)?|cursor|continuation[_-]?token|page[_-]?token)$/i;
/** `links.next.href`, as in HAL and JSON:API. */
const nextLinkNames = /(^|\.)next\.(href|url)$/i;
const totalNames = /^(total|total[_-]?(count|elements|results|items|records|rows|hits))$/i;
const moreNames = /^has[_-]?more$/i;
/** The parameter with the size of a page. */
export const sizeNames = /^(limit|size|count|per[_-]?page|page[_-]?size|page[_-]?limit|max[_-]?results|\$?top)$/i;

/** The largest requested page, also if an API allows more: a page is held in memory as a whole. */
const largestPage = 100;

/** Whether a list seems to be paged, even if the document does not show its pagination. */
export function hasPages(operation: Operation, body: Shape, rows: Rows, shapeOf: ShapeOf): boolean {
  if (pagingOf(operation, body, rows, shapeOf)) return true;
  return operation.parameters.some(
    ({ name, in: where }) =>
      where === "query" &&
      [pageNames, offsetNames, cursorNames, sizeNames].some((names) =>
        names.test(name.replace(/^page\[(\w+)\]$/, "$1")),
      ),
  );
}

export function pagingOf(operation: Operation, body: Shape, rows: Rows, shapeOf: ShapeOf): Paging | undefined {
  if (typeof operation.response === "string") return undefined;
  const query = operation.parameters.filter((parameter) => parameter.in === "query");
  const fields = fieldsOf(body, shapeOf, 3);
  const page = query.find(({ name, schema }) => pageNames.test(name) && !isText(schema));
  if (operation.response.headers.includes("link")) {
    return paging("linkHeader()", "its response has the header Link", page ? [page] : []);
  }
  const texts = fields.filter(({ shape }) => isTextShape(bareShape(shape, shapeOf)));
  const next = texts.find(({ name, lastName }) => nextNames.test(lastName) || nextLinkNames.test(name));
  const cursor = query.find(({ name, schema }) => cursorNames.test(name) && !isNumber(schema));
  if (next && isUrl(next, shapeOf)) return byUrl(next, page ?? cursor);
  if (next && cursor) return byCursor(next, cursor);
  return (
    byLastRow(query, fields, rows, shapeOf) ??
    (page && byNumber(page, query, totalOf(fields, shapeOf))) ??
    byOffset(query, totalOf(fields, shapeOf))
  );
}

const paging = (next: string, why: string, parameters: readonly Parameter[]): Paging => ({
  next,
  why,
  parameters: new Set(parameters.map(({ name }) => name)),
});

const byUrl = (next: Field, set: Parameter | undefined): Paging =>
  paging(
    `(url, page) => (page === null ? url.href : page.${next.access}${next.mayBeMissing ? " || null" : ""})`,
    `its body has ${next.name}, the URL of the next page`,
    set ? [set] : [],
  );

const byCursor = (next: Field, cursor: Parameter): Paging =>
  paging(
    `nextCursor({ parameter: ${textCode(cursor.name)}, cursorOf: (body) => ${next.access} })`,
    `it takes ${cursor.name}, and its body has ${next.name}`,
    [cursor],
  );

/** As in Stripe's API: a flag for more rows, and a parameter for the id of the last row. */
function byLastRow(
  query: readonly Parameter[],
  fields: readonly Field[],
  rows: Rows,
  shapeOf: ShapeOf,
): Paging | undefined {
  const after = query.find(({ name }) => /^starting[_-]after$/i.test(name));
  const more = fields.find(
    ({ lastName, shape }) => moreNames.test(lastName) && bareShape(shape, shapeOf) === booleanShape,
  );
  const id = fieldsOf(rows.item, shapeOf, 1).find(({ name }) => name === "id");
  if (after === undefined || more === undefined || id === undefined || rows.property === undefined) return undefined;
  const items = fields.find(({ name }) => name === rows.property);
  const last = `${items?.access}${items?.mayBeMissing ? "?" : ""}.at(-1)?.id`;
  return paging(
    `nextCursor({ parameter: ${textCode(after.name)}, cursorOf: (body) => (${more.access} ? ${last} : null) })`,
    `it takes ${after.name}, and its body has ${more.name}`,
    [after],
  );
}

const totalOf = (fields: readonly Field[], shapeOf: ShapeOf): Field | undefined =>
  fields.find(({ lastName, shape }) => totalNames.test(lastName) && isNumberShape(bareShape(shape, shapeOf)));

/** By the number of rows, if the document has the total number of rows or the size of a page. */
function byOffset(query: readonly Parameter[], total: Field | undefined): Paging | undefined {
  const offset = query.find(({ name, schema }) => offsetNames.test(name) && !isText(schema));
  const sizeParameter = query.find(({ name }) => sizeNames.test(name));
  const size = sizeParameter && pageSizeOf(sizeParameter);
  if (offset === undefined || sizeParameter === undefined || (total === undefined && size === undefined))
    return undefined;
  const options = [
    `parameter: ${textCode(offset.name)}`,
    ...(size === undefined ? [] : [`sizeParameter: ${textCode(sizeParameter.name)}`, `size: ${size}`]),
    ...(total ? [`totalOf: (body) => ${total.access}`] : []),
  ];
  const why = total
    ? `it takes ${offset.name}, and its body has ${total.name}`
    : `it takes ${offset.name} and ${sizeParameter.name}`;
  return paging(`rowOffset({ ${options.join(", ")} })`, why, size === undefined ? [offset] : [offset, sizeParameter]);
}

function byNumber(page: Parameter, query: readonly Parameter[], found: Field | undefined): Paging | undefined {
  const sizeParameter = query.find(({ name }) => sizeNames.test(name));
  const size = sizeParameter && pageSizeOf(sizeParameter);
  if (sizeParameter === undefined || size === undefined) return undefined;
  const firstPage = isFromZero(page) ? 0 : 1;
  const total = found?.mayBeMissing ? undefined : found;
  const options = [
    `parameter: ${textCode(page.name)}`,
    `sizeParameter: ${textCode(sizeParameter.name)}`,
    `size: ${size}`,
    ...(firstPage === 0 ? ["firstPage: 0"] : []),
    ...(total ? [`totalOf: (body) => ${total.access}`] : []),
  ];
  return paging(`pageNumber({ ${options.join(", ")} })`, `it takes ${page.name} and ${sizeParameter.name}`, [
    page,
    sizeParameter,
  ]);
}

/** The largest page that the document allows, up to a limit; otherwise its default size. */
export function pageSizeOf({ schema, description }: Parameter): number | undefined {
  const maximum = numberAt(schema?.valueAt("maximum")) ?? numberAt(/max(?:imum)?\D{0,12}(\d+)/i.exec(description)?.[1]);
  return maximum ? Math.min(maximum, largestPage) : numberAt(schema?.valueAt("default"));
}

const numberAt = (value: unknown): number | undefined => {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
};

const isFromZero = ({ schema, description }: Parameter): boolean =>
  schema?.valueAt("default") === 0 || schema?.valueAt("minimum") === 0 || /zero[- ]based/i.test(description);

function isUrl({ name, shape }: Field, shapeOf: ShapeOf): boolean {
  const bare = bareShape(shape, shapeOf);
  return (bare.kind === "plain" && bare.isUrl === true) || /url|uri|link|href/i.test(name);
}

const isTextShape = (shape: Shape): boolean => shape.kind === "plain" && shape.code.startsWith("z.string(");
const isNumberShape = (shape: Shape): boolean => shape.kind === "plain" && /^z\.(number|int|int32)\(/.test(shape.code);
const isText = (schema: DocumentLocation | undefined): boolean => schema?.valueAt("type") === "string";
const isNumber = (schema: DocumentLocation | undefined): boolean =>
  ["integer", "number"].includes(String(schema?.valueAt("type")));
