import { badUserInput } from "../core/domain-error.ts";

/** A path below a service's base URL, without a query. */
export type Path = `/${string}`;

/** The value of a path parameter: one value, or a list, which is joined by commas. */
export type PathValue = string | number | readonly (string | number)[];

/**
 * A path with values in it, for a template: each value becomes one encoded segment, or a part of one. Between single
 * quotes, as OData writes a key, a quote within the value is doubled, so that it does not end the key.
 *
 * ```ts
 * path`/countries/${code}/cities`
 * path`/Users('${name}')/$count`
 * path`/stations/${["OSL", "BGO"]}` // /stations/OSL,BGO
 * ```
 * @throws DomainError `BAD_USER_INPUT` when a value would leave its segment empty, or make it `.` or `..`, which leads
 * to another path; `encodeURIComponent` lets both through
 */
export function path(texts: TemplateStringsArray, ...values: readonly PathValue[]): Path {
  let built = texts[0] ?? "";
  for (const [index, value] of values.entries()) {
    const next = texts[index + 1] ?? "";
    const part = listPart(value);
    built += (built.endsWith("'") && next.startsWith("'") ? part.replaceAll("'", "''") : part) + next;
  }
  if (!isPath(built)) throw new TypeError(`Expected a path that begins with "/", got ${JSON.stringify(built)}.`);
  if (values.length > 0 && built.split("/").some((segment, index) => index > 0 && isDots(segment))) {
    throw badUserInput(`Expected a name or an id, got ${JSON.stringify(values.join(", "))}, which leads elsewhere.`);
  }
  if (values.length > 0) remember(built, texts);
  return built;
}

/**
 * The templates of the paths that were built last. A path is text, which cannot carry its template along, and a reader
 * builds a path right before it makes the call.
 */
const templates = new Map<string, TemplateStringsArray>();
const maxTemplates = 2_000;

function remember(built: Path, texts: TemplateStringsArray): void {
  if (templates.size >= maxTemplates && !templates.has(built)) {
    const [oldest = ""] = templates.keys();
    templates.delete(oldest);
  }
  templates.set(built, texts);
}

/** `/users/…` for a path that `path` has made lately, with a `…` for each value; undefined for any other. */
export const templateOf = (built: string): string | undefined => templates.get(built)?.join("…");

function listPart(value: PathValue): string {
  const values = [value].flat();
  if (values.length === 0) throw badUserInput("Expected at least one name or id, got an empty list.");
  return values.map(segmentPart).join(",");
}

function segmentPart(value: string | number): string {
  const text = String(value);
  if (text === "") throw badUserInput("Expected a name or an id, got a blank text.");
  return encodeURIComponent(text.toWellFormed());
}

const isPath = (text: string): text is Path => text.startsWith("/");

/** Whether a segment is `.` or `..`, also in the encoded forms that a URL takes for the same. */
const isDots = (segment: string): boolean => /^(?:\.|%2e){1,2}$/i.test(segment);

/** @throws TypeError for a path that would leave the base URL, or brings a query along */
export function assertStaysBelow(candidate: string): asserts candidate is Path {
  const what = !isPath(candidate)
    ? 'begin with "/"'
    : candidate.split(/[/\\]/).some(isDots)
      ? 'be without "." and ".." segments'
      : /[?#\r\n\t]/.test(candidate)
        ? "be without a query, a fragment and line breaks"
        : undefined;
  if (what !== undefined) throw new TypeError(`A path must ${what}, got ${JSON.stringify(candidate)}.`);
}
