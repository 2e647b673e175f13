import { readFileSync } from "node:fs";
import type { TestDatabaseName } from "tributary-testing/databases.ts";

/** A row of a table of `docs/sql-types.md`. */
export interface DocumentedType {
  /** The column with this type in the test's table. */
  readonly column: string;
  readonly type: string;
  /** The SQL literal that is inserted. */
  readonly written: string;
  /** The value in the format of `shown`. */
  readonly read: string;
}

const guide = readFileSync(new URL("../../../../../docs/sql-types.md", import.meta.url), "utf8");

const sections: Record<TestDatabaseName, string> = {
  postgres: "PostgreSQL",
  mariadb: "MySQL and MariaDB",
  sqlite: "SQLite",
};

/** The types of the guide's table for this database. */
export function documentedTypes(name: TestDatabaseName): readonly DocumentedType[] {
  const section = guide.split(`\n## ${sections[name]}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line, index) => {
    const [type = "", written = "", read = ""] = line
      .split(/(?<!\\)\|/)
      .slice(1)
      .map(code);
    return { column: `c${index}`, type, written, read };
  });
}

/** The first code span in a cell. */
const code = (cell: string): string => (/`([^`]*)`/.exec(cell)?.[1] ?? "").replaceAll("\\|", "|");

/** A value in the format of the guide's tables. */
export function shown(value: unknown): string {
  if (value instanceof Date) return `Date ${Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `[${value.map(shown).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([name, part]) => `${JSON.stringify(name)}:${shown(part)}`)
      .join(",")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
