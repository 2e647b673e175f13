/** Where MySQL, MariaDB and SQLite name a constraint in what they say; a value can stand before the name, never after. */
const names: readonly RegExp[] = [
  /for key '([^']+)'$/,
  /CONSTRAINT `([^`]+)` (?:FOREIGN KEY|failed for)/,
  /^Check constraint '([^']+)' is violated/,
  /^Column '([^']+)' cannot be null$/,
  /^Field '([^']+)' doesn't have a default value$/,
  /^(?:UNIQUE|CHECK|NOT NULL) constraint failed: (.+)$/,
];

/**
 * The name of the constraint that a change violates: as it was declared where the database says it, else the columns,
 * `book.title`. Undefined where the database names none, as SQLite does for foreign keys.
 */
export function constraintName(error: Error): string | undefined {
  if ("constraint" in error && typeof error.constraint === "string") return error.constraint;
  if ("column" in error && typeof error.column === "string") return error.column;
  const message = "sqlMessage" in error && typeof error.sqlMessage === "string" ? error.sqlMessage : error.message;
  for (const name of names) {
    const found = name.exec(message)?.[1];
    if (found !== undefined) return found;
  }
}
