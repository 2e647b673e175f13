import { badUserInput, type DomainError } from "../core/domain-error.ts";
import { clipped } from "../core/thrown-values.ts";

/** A path below the base URL of a service, without a query. */
export type Path = `/${string}`;

/** The value of a path parameter. A list is joined by commas. */
export type PathValue = string | number | readonly (string | number)[];

/**
 * A template tag that builds a path. Each value becomes an encoded segment, or a part of one. Between single quotes, as
 * in a key of OData, a quote in the value is doubled, so that it does not end the key.
 *
 * ```ts
 * path`/countries/${code}/cities`
 * path`/Users('${name}')/$count`
 * path`/stations/${["OSL", "BGO"]}` // /stations/OSL,BGO
 * ```
 * @throws DomainError `BAD_USER_INPUT` for an empty value, for a control character, and for a value that makes its segment `.`
 * or `..`, which changes the path: `encodeURIComponent` encodes neither, and a service may decode `..%2F` before it
 * resolves the path
 */
export function path(texts: TemplateStringsArray, ...values: readonly PathValue[]): Path {
  let built = texts[0] ?? "";
  for (const [index, value] of values.entries()) {
    const next = texts[index + 1] ?? "";
    const part = listPart(value);
    built += (built.endsWith("'") && next.startsWith("'") ? part.replaceAll("'", "''") : part) + next;
  }
  if (!isPath(built)) throw new TypeError(`Expected a path that begins with "/", got ${JSON.stringify(built)}.`);
  if (values.length > 0 && built.split("/").some((segment, index) => index > 0 && isDotSegment(segment))) {
    throw changesPath(values.join(", "));
  }
  if (values.length > 0) cacheTemplate(built, texts);
  return built;
}

/**
 * The templates of the latest paths, for the log. A path is a string, which cannot carry its template, and a reader
 * builds a path just before it makes the call.
 */
const templates = new Map<string, TemplateStringsArray>();
const maxTemplates = 2_000;

function cacheTemplate(built: Path, texts: TemplateStringsArray): void {
  if (templates.size >= maxTemplates && !templates.has(built)) {
    const [oldest = ""] = templates.keys();
    templates.delete(oldest);
  }
  templates.set(built, texts);
}

/** `/users/…` for a path that `path` has built recently, with `…` for each value; undefined for any other path. */
export const templateOf = (built: string): string | undefined => templates.get(built)?.join("…");

function listPart(value: PathValue): string {
  const values = [value].flat();
  if (values.length === 0) throw badUserInput("Expected at least one name or id, got an empty list.");
  return values.map(segmentPart).join(",");
}

function segmentPart(value: string | number): string {
  const text = String(value);
  if (text === "") throw badUserInput("Expected a name or an id, got an empty text.");
  if (controlCharacter.test(text)) {
    throw badUserInput(`Expected a name or an id without control characters, got ${JSON.stringify(text)}.`);
  }
  const segments = text.split(/[/\\]/);
  if (segments.length > 1 && segments.some(isDotSegment)) throw changesPath(text);
  return encodeURIComponent(text.toWellFormed());
}

const changesPath = (text: string): DomainError =>
  badUserInput(`Expected a name or an id, got ${JSON.stringify(clipped(text, 100))}, which changes the path.`);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is searched for.
const controlCharacter = /[\u0000-\u001f\u007f]/;

const isPath = (text: string): text is Path => text.startsWith("/");

/** Whether a segment is a dot segment (RFC 3986), `.` or `..`, also encoded: `URL` treats both forms alike. */
const isDotSegment = (segment: string): boolean => /^(?:\.|%2e){1,2}$/i.test(segment);

/** @throws TypeError for a path that is not below the base URL, or has a query or a fragment */
export function assertBelowBase(candidate: string): asserts candidate is Path {
  const requirement = !isPath(candidate)
    ? 'begin with "/"'
    : candidate.split(/[/\\]/).some(isDotSegment)
      ? 'not have "." and ".." segments'
      : /[?#\r\n\t]/.test(candidate)
        ? "not have a query, a fragment or line breaks"
        : undefined;
  if (requirement !== undefined) throw new TypeError(`A path must ${requirement}, got ${JSON.stringify(candidate)}.`);
}
