/** Where the messages of MySQL, MariaDB and SQLite contain the constraint's name. Values only occur before the name. */
const names: readonly RegExp[] = [
  /for key '([^']+)'$/,
  /CONSTRAINT `([^`]+)` (?:FOREIGN KEY|failed for)/,
  /^Check constraint '([^']+)' is violated/,
  /^Column '([^']+)' cannot be null$/,
  /^Field '([^']+)' doesn't have a default value$/,
  /^(?:UNIQUE|CHECK|NOT NULL) constraint failed: (.+)$/,
];

/**
 * The name of the violated constraint, or its columns (`book.title`) if the database reports no name. Undefined if it
 * reports neither, like SQLite for foreign keys.
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
