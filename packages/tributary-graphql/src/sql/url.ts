import { parseServerUrl, type ServerAddress } from "./dialects/server/url.ts";

/** Where a database is, as its URL says. */
export type DatabaseAddress =
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgres" | "mysql"; readonly server: ServerAddress };

const expected = '"sqlite:<file>", "postgres://user:password@host:5432/name" or "mysql://user:password@host:3306/name"';

/**
 * Reads a database URL.
 *
 * @throws Error with one line that says what was expected and what came, without the password.
 */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  const refuse = (why: string) =>
    new Error(`Expected a database URL, ${expected}; got "${withoutPassword(url)}"${why}.`);
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case "sqlite":
      return { kind: "sqlite", file: parseFile(url.slice("sqlite:".length), refuse) };
    case "postgres":
    case "postgresql":
      return { kind: "postgres", server: parseServerUrl("postgres", url, refuse) };
    case "mysql":
    case "mariadb":
      return { kind: "mysql", server: parseServerUrl("mysql", url, refuse) };
    default:
      throw refuse("");
  }
}

/** The URL as it may be shown in a log: without its user, its password and any parameter that may hold one. */
export const withoutPassword = (url: string): string =>
  url.replace(/^([a-z]+:\/\/)?.*@/i, "$1***@").replace(/([?&][^=&]*(?:pass|pwd|secret)[^=&]*=)[^&]*/gi, "$1***");

function parseFile(file: string, refuse: (why: string) => Error): string {
  if (file === "") throw refuse(", which names no file");
  if (file === ":memory:" || file.startsWith("file:"))
    throw refuse(": every reader thread would have a database of its own in memory, so name a file");
  if (file.startsWith("//")) throw refuse(": write the path right after the colon");
  return file;
}
