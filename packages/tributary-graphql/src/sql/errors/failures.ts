/** The kinds of database failures that clients can tell apart. */
export type Failure = "unreachable" | "unusable" | "timeout" | "constraint violation" | "concurrent change";

/** Error codes of Node's network stack, of this engine's drivers, and of SQLite. */
const byCode: Readonly<Record<string, Failure>> = Object.fromEntries([
  ...[
    ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"],
    ...["ENETUNREACH", "ENOENT", "PROTOCOL_CONNECTION_LOST", "POOL_CLOSED", "SQLITE_WORKER_GONE", "SQLITE_CANTOPEN"],
  ].map((code) => [code, "unreachable"]),
  ...["SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FULL"].map(
    (code) => [code, "unusable"],
  ),
  ...["SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH"].map((code) => [code, "unusable"]),
  ["SQLITE_CONSTRAINT", "constraint violation"],
]);

/** SQLSTATEs of PostgreSQL, or their classes (the first two characters). A full SQLSTATE takes precedence. */
const bySqlState: Readonly<Record<string, Failure>> = {
  "08": "unreachable", // connection exception
  "23": "constraint violation", // integrity constraint violation
  "28": "unusable", // invalid authorization specification
  "53": "unusable", // insufficient resources
  "58": "unusable", // system error
  XX: "unusable", // internal error, corruption
  "25006": "unusable", // read-only transaction: the server has become a standby
  "25P03": "timeout", // the transaction was idle for too long
  "25P04": "timeout", // the transaction took too long
  "3D000": "unusable", // no such database
  "3F000": "unusable", // no such schema
  "40001": "concurrent change", // serialization failure
  "40P01": "concurrent change", // deadlock
  "40003": "unreachable", // statement completion unknown
  "42501": "unusable", // insufficient privilege
  "42P01": "unusable", // no such table
  "53300": "unreachable", // too many connections
  "55P03": "timeout", // lock not available
  "57014": "timeout", // query canceled, for example by statement_timeout
  "57P01": "unreachable", // an administrator closed the connection
  "57P02": "unreachable", // the server crashed
  "57P03": "unreachable", // the server is starting or stopping
  "57P04": "unusable", // the database was dropped
  "57P05": "unreachable", // the session was idle for too long
};

/** Error numbers of MySQL and MariaDB. */
const byNumber: ReadonlyMap<number, Failure> = new Map(
  (
    [
      ["unreachable", [1040, 1042, 1043, 1053, 1077, 1080, 1129, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1226, 1927]],
      // Logins and privileges; missing databases and tables; full, read-only or corrupt storage.
      ["unusable", [1044, 1045, 1130, 1142, 1143, 1227, 1251, 1698, 3118, 3159, 4151]],
      ["unusable", [1049, 1146, 1051, 1932]],
      ["unusable", [1021, 1030, 1034, 1035, 1036, 1037, 1038, 1041, 1114, 1194, 1195, 1290, 1792, 1836, 1877]],
      ["timeout", [1205, 1317, 1907, 1969, 3024, 3572, 4167]],
      // Constraints: unique, not null, foreign key, check.
      [
        "constraint violation",
        [1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 1761, 1762, 3819, 4025],
      ],
      ["concurrent change", [1020, 1213]],
    ] as const
  ).flatMap(([failure, numbers]) => numbers.map((number) => [number, failure] as const)),
);

/** Messages of driver errors without a code. */
const byMessage: readonly (readonly [RegExp, Failure])[] = [
  [/^Connection terminated/, "unreachable"],
  [/^timeout e(?:xpired|xceeded when trying to connect)$/, "unreachable"],
  [/^Client (?:has encountered a connection error|was closed) and is not queryable$/, "unreachable"],
  [/^Can't (?:add new command when connection is|write) in closed state$/, "unreachable"],
  [/^driver has already been destroyed$/, "unreachable"],
  [/^The database has been closed\.$/, "unreachable"],
  [/^no such table: /, "unusable"],
];

/** Classifies a database error; undefined for an error in the query itself. */
export function failureOf(error: Error): Failure | undefined {
  const code: unknown = "code" in error ? error.code : undefined;
  const number: unknown = "errno" in error ? error.errno : undefined;
  if (typeof number === "number" && byNumber.has(number)) return byNumber.get(number);
  if (typeof code === "string" && Object.hasOwn(byCode, code)) return byCode[code];
  if (typeof code === "string" && /^[\dA-Z]{5}$/.test(code)) return ofSqlState(code);
  return byMessage.find(([message]) => message.test(error.message))?.[1];
}

const ofSqlState = (state: string): Failure | undefined => bySqlState[state] ?? bySqlState[state.slice(0, 2)];
