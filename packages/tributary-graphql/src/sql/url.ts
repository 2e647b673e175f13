import { parseServerUrl, type ServerAddress } from "./dialects/server/url.ts";

/** A parsed database URL. */
export type DatabaseAddress =
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgres" | "mysql"; readonly server: ServerAddress };

const expected = '"sqlite:<file>", "postgres://user:password@host:5432/name" or "mysql://user:password@host:3306/name"';

/**
 * Parses a database URL.
 *
 * @throws Error with a message of one line: the expected format and the URL without its password
 */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  const invalidUrl = (why: string) =>
    new Error(`Expected a database URL, ${expected}; got "${withoutPassword(url)}"${why}.`);
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case "sqlite":
      return { kind: "sqlite", file: parseFile(url.slice("sqlite:".length), invalidUrl) };
    case "postgres":
    case "postgresql":
      return { kind: "postgres", server: parseServerUrl("postgres", url, invalidUrl) };
    case "mysql":
    case "mariadb":
      return { kind: "mysql", server: parseServerUrl("mysql", url, invalidUrl) };
    default:
      throw invalidUrl("");
  }
}

/** The URL for logs: without user and password, and with redacted secrets in its parameters. */
export const withoutPassword = (url: string): string =>
  url.replace(/^([a-z]+:\/\/)?.*@/i, "$1***@").replace(/([?&][^=&]*(?:pass|pwd|secret)[^=&]*=)[^&]*/gi, "$1***");

function parseFile(file: string, invalidUrl: (why: string) => Error): string {
  if (file === "") throw invalidUrl(", which has no file name");
  if (file === ":memory:" || file.startsWith("file:"))
    throw invalidUrl(": each reader thread would have its own in-memory database, so use a file");
  if (file.startsWith("//")) throw invalidUrl(": the path must follow the colon without //");
  return file;
}
