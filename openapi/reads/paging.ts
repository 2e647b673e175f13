import type { Operation, Parameter } from "../document/operations.ts";
import type { Shape } from "../schema/shape.ts";
import { bareShape, type Field, fieldsOf, type ShapeOf } from "./fields.ts";

/** How a list goes on, as the document shows it. */
export interface Paging {
  /** The code of `next`. */
  readonly next: string;
  /** In words, why. */
  readonly why: string;
  /** Parameters that the reader sets itself. */
  readonly parameters: ReadonlySet<string>;
}

const pageNames = /^(page|page[_-]?(number|no|index)|p)$/i;
const cursorNames =
  /^(cursor|(after|page|next|continuation|starting|start)[_-]?(token|cursor|id)?|after|continuation|marker|starting[_-]after)$/i;
const nextNames = /^(next|next[_-]?(cursor|token|page[_-]?token|page)|cursor|continuation[_-]?token|page[_-]?token)$/i;
const totalNames = /^(total|total[_-]?(count|elements|results|items|records)|count)$/i;
/** The parameter that says how many items a page has. */
export const sizeNames = /^(limit|size|count|per[_-]?page|page[_-]?size|page[_-]?limit|max[_-]?results)$/i;

/** Pages of at most this many items are asked for where an API takes more: a page is held in memory whole. */
const largestPage = 100;

export function pagingOf(operation: Operation, body: Shape, shapeOf: ShapeOf): Paging | undefined {
  if (typeof operation.answer === "string") return undefined;
  const query = operation.parameters.filter((parameter) => parameter.in === "query");
  const texts = fieldsOf(body, shapeOf, 2).filter(({ shape }) => isText(bareShape(shape, shapeOf)));
  const page = query.find(({ name }) => pageNames.test(name));
  if (operation.answer.headers.includes("link")) {
    return paging("linkHeader()", "it documents the header Link", page ? [page] : []);
  }
  const next = texts.find(({ lastName }) => nextNames.test(lastName));
  const cursor = query.find(({ name, schema }) => cursorNames.test(name) && !isInteger(schema?.at("type")?.value));
  if (next && isUrl(next, shapeOf)) return byUrl(next, page ?? cursor);
  if (next && cursor) return byCursor(next, cursor);
  return (
    page &&
    byNumber(
      page,
      query,
      fieldsOf(body, shapeOf, 2).filter(({ shape }) => isNumber(bareShape(shape, shapeOf))),
    )
  );
}

const paging = (next: string, why: string, parameters: readonly Parameter[]): Paging => ({
  next,
  why,
  parameters: new Set(parameters.map(({ name }) => name)),
});

const byUrl = (next: Field, set: Parameter | undefined): Paging =>
  paging(
    `(url, page) => page === null ? url.href : page.${next.access}${next.mayLack ? " ?? null" : ""}`,
    `its body has ${next.name}, the next page's URL`,
    set ? [set] : [],
  );

const byCursor = (next: Field, cursor: Parameter): Paging =>
  paging(
    `nextCursor({ parameter: ${JSON.stringify(cursor.name)}, cursorOf: (body) => ${next.access} })`,
    `it takes ${cursor.name}, and its body has ${next.name}`,
    [cursor],
  );

function byNumber(page: Parameter, query: readonly Parameter[], numbers: readonly Field[]): Paging | undefined {
  const sizeParameter = query.find(({ name }) => sizeNames.test(name));
  const size = sizeParameter && pageSizeOf(sizeParameter);
  if (sizeParameter === undefined || size === undefined) return undefined;
  const firstPage = isFromZero(page) ? 0 : 1;
  const total = numbers.find(({ lastName, mayLack }) => totalNames.test(lastName) && !mayLack);
  const options = [
    `parameter: ${JSON.stringify(page.name)}`,
    `sizeParameter: ${JSON.stringify(sizeParameter.name)}`,
    `size: ${size}`,
    ...(firstPage === 0 ? ["firstPage: 0"] : []),
    ...(total ? [`totalOf: (body) => ${total.access}`] : []),
  ];
  return paging(`pageNumber({ ${options.join(", ")} })`, `it takes ${page.name} and ${sizeParameter.name}`, [
    page,
    sizeParameter,
  ]);
}

/** The largest page that the document allows, within reason; else its usual size. */
export function pageSizeOf({ schema, description }: Parameter): number | undefined {
  const maximum =
    numberAt(schema?.at("maximum")?.value) ?? numberAt(/max(?:imum)?\D{0,12}(\d+)/i.exec(description)?.[1]);
  return maximum ? Math.min(maximum, largestPage) : numberAt(schema?.at("default")?.value);
}

const numberAt = (value: unknown): number | undefined => {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
};

const isFromZero = ({ schema, description }: Parameter): boolean =>
  schema?.at("default")?.value === 0 || schema?.at("minimum")?.value === 0 || /zero[- ]based/i.test(description);

function isUrl({ name, shape }: Field, shapeOf: ShapeOf): boolean {
  const bare = bareShape(shape, shapeOf);
  return (bare.kind === "plain" && bare.isUrl === true) || /url|uri|link/i.test(name);
}

const isText = (shape: Shape): boolean => shape.kind === "plain" && shape.code.startsWith("z.string(");
const isNumber = (shape: Shape): boolean => shape.kind === "plain" && /^z\.(number|int|int32)\(/.test(shape.code);
const isInteger = (type: unknown): boolean => type === "integer" || type === "number";
