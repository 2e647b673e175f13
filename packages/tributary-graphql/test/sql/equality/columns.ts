/** Columns of every type that a key can have, with keys that are equal in the database, and invalid keys. */
import type { DatabaseKind } from "../../../src/sql/database.ts";

export interface KeyColumnCase {
  readonly name: string;
  /** The type in `create table`. */
  readonly type: string;
  /** Statements that create the type. */
  readonly before?: string;
  /** Two different values of the column, as SQL literals. */
  readonly values: readonly [string, string];
  /** Keys that are equal to the first value. */
  readonly equal: readonly (string | number)[];
  /** Valid and invalid keys that equal neither. */
  readonly missing: readonly (string | number)[];
}

const texts = ["\0", "\ud800", "constructor", "__proto__", "🗺", "x".repeat(70_000)] as const;
const notNumbers = ["undefined", "", " ", "1abc", "0x1g", "NaN1", ...texts] as const;
const integers = {
  values: ["1", "2"],
  equal: ["1", 1, "01", " 1 "],
  missing: [...notNumbers, 1.5, "1.5", 1e300, "9".repeat(40), -1],
} as const;
const uuid = "0d9f1a3e-6e1c-4b7a-9b1e-2f6d1c3b5a7f";
const otherUuid = "0d9f1a3e-6e1c-4b7a-9b1e-2f6d1c3b5a80";

const postgres: readonly KeyColumnCase[] = [
  { name: "smallint", type: "smallint", ...integers, missing: [...integers.missing, 40_000, "70000"] },
  { name: "integer", type: "integer", ...integers, missing: [...integers.missing, 3e9] },
  { name: "bigint", type: "bigint", ...integers },
  {
    name: "a bigint beyond what a number holds",
    type: "bigint",
    values: ["9007199254740993", "2"],
    equal: ["9007199254740993"],
    missing: ["9007199254740992", "9223372036854775808"],
  },
  {
    name: "numeric",
    type: "numeric(10, 2)",
    values: ["1.5", "2"],
    equal: ["1.5", 1.5, "1.50", "1.500000", "15e-1"],
    missing: [...notNumbers, "1.499", "1.501", "NaN", "Infinity", "1e1000"],
  },
  {
    name: "real",
    type: "real",
    values: ["0.1", "2"],
    equal: [0.1, "0.1", "1e-1"],
    missing: [...notNumbers, 0.11, "1e300"],
  },
  {
    name: "double precision",
    type: "double precision",
    values: ["0.1", "2"],
    equal: [0.1, "0.10"],
    missing: notNumbers,
  },
  {
    name: "a float that is no number",
    type: "real",
    values: ["NaN", "2"],
    equal: ["NaN", "nan"],
    missing: ["Infinity"],
  },
  { name: "minus zero", type: "double precision", values: ["-0", "2"], equal: [0, -0, "0", "-0.0"], missing: [1] },
  {
    name: "uuid",
    type: "uuid",
    values: [uuid, otherUuid],
    equal: [uuid, uuid.toUpperCase(), `{${uuid}}`],
    missing: [...notNumbers, 1, `${uuid}0`],
  },
  {
    name: "boolean",
    type: "boolean",
    values: ["true", "false"],
    equal: ["t", "TRUE", 1, "yes"],
    missing: ["undefined", "2", "", ...texts],
  },
  { name: "text", type: "text", values: ["NO", "no"], equal: ["NO"], missing: ["No", "NO ", "", ...texts] },
  { name: "text with digits", type: "text", values: ["1", "01"], equal: ["1", 1], missing: ["001", 1.5] },
  {
    name: "char",
    type: "char(5)",
    values: ["NO", "SE"],
    equal: ["NO", "NO   ", "NO "],
    missing: ["no", "NOxxxx", ...texts],
  },
  {
    name: "citext",
    before: "create extension if not exists citext",
    type: "citext",
    values: ["Oslo", "Rome"],
    equal: ["Oslo", "OSLO", "oslo"],
    missing: ["Osl", ...texts],
  },
  {
    name: "a collation that takes case for nothing",
    before: "create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    type: "text collate nocase",
    values: ["Ann", "Ben"],
    equal: ["Ann", "ANN", "ann"],
    missing: ["Änn", "Ann ", ...texts],
  },
  {
    name: "an enum",
    before: "create type mood as enum ('sad', 'ok', 'happy')",
    type: "mood",
    values: ["ok", "sad"],
    equal: ["ok"],
    missing: ["OK", "unknown", "", 1, ...texts],
  },
  {
    name: "a domain that is not null and checked",
    before: "create domain code as text not null check (value ~ '^[A-Z]*$')",
    type: "code",
    values: ["NO", "SE"],
    equal: ["NO"],
    missing: ["no", "XX", 1, ...texts],
  },
  {
    name: "a domain over a domain",
    before: "create domain small as integer not null; create domain smaller as small check (value < 100)",
    type: "smaller",
    ...integers,
    missing: [...integers.missing, 500],
  },
  {
    name: "timestamptz",
    type: "timestamptz",
    values: ["2024-01-01 00:00:00.123456+00", "2025-01-01"],
    equal: ["2024-01-01T00:00:00.123456Z", "2024-01-01 01:00:00.123456+01"],
    missing: ["2024-01-01 00:00:00.123457+00", "undefined", "2024-02-30", 1, ...texts],
  },
  {
    name: "timestamp",
    type: "timestamp",
    values: ["2024-01-01 00:00:00.123456", "infinity"],
    equal: ["2024-01-01T00:00:00.123456"],
    missing: ["2024-01-01", "-infinity", "undefined", "2024-13-01", ...texts],
  },
  {
    name: "date",
    type: "date",
    values: ["2024-02-29", "2024-03-01"],
    equal: ["2024-02-29", "20240229", "Feb 29, 2024"],
    missing: ["2023-02-29", "undefined", "", ...texts],
  },
  {
    name: "time",
    type: "time",
    values: ["10:00", "11:00"],
    equal: ["10:00:00", "10:00:00.000"],
    missing: ["25:00", "undefined", ...texts],
  },
  {
    name: "interval",
    type: "interval",
    values: ["1 day", "2 days"],
    equal: ["1 day", "24:00:00"],
    missing: ["undefined", "3 days", ...texts],
  },
  {
    name: "inet",
    type: "inet",
    values: ["10.0.0.1", "::1"],
    equal: ["10.0.0.1", "10.0.0.1/32"],
    missing: ["10.0.0.256", "undefined", ...texts],
  },
  {
    name: "jsonb",
    type: "jsonb",
    values: ['{"a": 1.0}', "2"],
    equal: ['{"a":1}', '{ "a": 1.00 }'],
    missing: ["undefined", "{", "1", ...texts],
  },
  {
    name: "bit",
    type: "bit(3)",
    values: ["101", "111"],
    equal: ["101"],
    missing: ["2", "undefined", "1010", ...texts],
  },
  {
    name: "bytea",
    type: "bytea",
    values: ["\\x00ff", "\\x01"],
    equal: ["\\x00FF", "\\000\\377"],
    missing: ["\\x0", "\\xzz", "ff"],
  },
];

const mariadbText = (collation: string) => `varchar(200) character set ${collation.split("_")[0]} collate ${collation}`;

const mariadb: readonly KeyColumnCase[] = [
  { name: "tinyint", type: "tinyint", ...integers, missing: [...integers.missing, 200] },
  { name: "integer", type: "integer", ...integers },
  { name: "bigint", type: "bigint", ...integers },
  {
    name: "bigint unsigned",
    type: "bigint unsigned",
    values: ["18446744073709551615", "2"],
    equal: ["18446744073709551615"],
    missing: ["18446744073709551614", "18446744073709551616", "-1", ...notNumbers],
  },
  { name: "an integer that is zero", type: "integer", values: ["0", "2"], equal: [0, "0", -0], missing: notNumbers },
  {
    name: "decimal",
    type: "decimal(10, 2)",
    values: ["1.5", "2"],
    equal: ["1.5", 1.5, "1.50", "1.500000", "15e-1"],
    missing: [...notNumbers, "1.499", "1.501", "1e300"],
  },
  {
    name: "float",
    type: "float",
    values: ["0.1", "2"],
    equal: [0.1, "0.1", "1e-1"],
    missing: [...notNumbers, 0.11, "1e300"],
  },
  { name: "double", type: "double", values: ["0.1", "2"], equal: [0.1, "0.10"], missing: [...notNumbers, "1e400"] },
  {
    name: "a text told apart by code point",
    type: mariadbText("utf8mb4_nopad_bin"),
    values: ["NO", "no"],
    equal: ["NO"],
    missing: ["No", "NO ", "", 0, ...texts],
  },
  {
    name: "a text with digits",
    type: mariadbText("utf8mb4_bin"),
    values: ["1", "01"],
    equal: ["1", 1],
    missing: ["001", "1abc", 1.5],
  },
  {
    name: "a text that may end in blanks",
    type: mariadbText("utf8mb4_bin"),
    values: ["NO", "no"],
    equal: ["NO", "NO  "],
    missing: ["No", " NO", ...texts],
  },
  {
    name: "a text without case and accents",
    type: mariadbText("utf8mb4_general_ci"),
    values: ["Ann", "Ben"],
    equal: ["Ann", "ANN", "änn", "ann "],
    missing: ["An", ...texts],
  },
  {
    name: "latin1",
    type: mariadbText("latin1_swedish_ci"),
    values: ["Ré?", "Ben"],
    equal: ["Ré?", "RÉ?"],
    missing: ["Ré🗺", "Ré中", ...texts],
  },
  { name: "utf8mb3", type: mariadbText("utf8mb3_general_ci"), values: ["?", "Ben"], equal: ["?"], missing: [...texts] },
  { name: "ascii", type: mariadbText("ascii_bin"), values: ["a?", "Ben"], equal: ["a?"], missing: ["aé", ...texts] },
  { name: "char", type: "char(5)", values: ["NO", "SE"], equal: ["NO", "NO   "], missing: ["NOxxxx", ...texts] },
  {
    name: "an enum",
    type: "enum('sad', 'ok', 'it''s, fine')",
    values: ["ok", "sad"],
    equal: ["ok"],
    missing: ["unknown", "", 1, 2, "2", ...texts],
  },
  {
    name: "a set",
    type: "set('a', 'b', 'c')",
    values: ["a,b", "c"],
    equal: ["a,b"],
    missing: ["b,a", "unknown", 3, ...texts],
  },
  {
    name: "datetime",
    type: "datetime(6)",
    values: ["2024-01-01 00:00:00.123456", "2025-01-01"],
    equal: ["2024-01-01 00:00:00.123456", "2024-01-01T00:00:00.123456Z", "2024-01-01 01:00:00.123456+01:00"],
    missing: ["2024-01-01 00:00:00.123457", "undefined", "2024-02-30", "2024-01-01 00:00:00.123456x", 1, ...texts],
  },
  {
    name: "date",
    type: "date",
    values: ["2024-02-29", "2024-03-01"],
    equal: ["2024-02-29"],
    missing: ["2023-02-29", "undefined", "", "2024-02-29x", ...texts],
  },
  {
    name: "time",
    type: "time(6)",
    values: ["10:00:00", "-11:00:00"],
    equal: ["10:00:00", "10:00:00.000"],
    missing: ["25:00", "undefined", ...texts],
  },
  {
    name: "year",
    type: "year",
    values: ["2024", "2025"],
    equal: ["2024", 2024],
    missing: ["24", "undefined", ...texts],
  },
  {
    name: "uuid",
    type: "uuid",
    values: [uuid, otherUuid],
    equal: [uuid, uuid.toUpperCase()],
    missing: ["undefined", 1, ...texts],
  },
  {
    name: "inet6",
    type: "inet6",
    values: ["::1", "::2"],
    equal: ["::1", "0:0::1"],
    missing: ["undefined", "::g", ...texts],
  },
  { name: "json", type: "json", values: ['{"a": 1}', "2"], equal: ['{"a": 1}'], missing: ["undefined", ...texts] },
];

const sqlite: readonly KeyColumnCase[] = [
  { name: "integer", type: "integer", ...integers, equal: ["1", 1, "01", "1.0"] },
  {
    name: "a text with digits",
    type: "text",
    values: ["01", "1"],
    equal: ["01"],
    missing: ["001", "undefined", ...texts],
  },
  { name: "a text asked for by a number", type: "text", values: ["1", "01"], equal: [1, "1"], missing: ["001", 1.5] },
  {
    name: "a text that looks like a number, in a column without a type",
    type: "",
    values: ["1", "x"],
    equal: ["1"],
    missing: [1, "01", ...texts],
  },
  { name: "a column without a type", type: "", values: ["01", "x"], equal: ["01"], missing: ["1", 1, ...texts] },
  {
    name: "numeric",
    type: "decimal(10, 2)",
    values: ["1.5", "2"],
    equal: ["1.5", 1.5, "1.50"],
    missing: [...notNumbers, "1.499"],
  },
  { name: "real", type: "real", values: ["0.1", "2"], equal: [0.1, "0.1"], missing: notNumbers },
  {
    name: "a real beyond what an integer holds exactly",
    type: "real",
    values: ["-2.1559474823521894e17", "2"],
    equal: [-215594748235218940, "-2.1559474823521894e17"],
    missing: [-215594748235219000],
  },
  {
    name: "nocase",
    type: "text collate nocase",
    values: ["Ann", "Ben"],
    equal: ["Ann", "ANN", "ann"],
    missing: ["Änn", "Ann ", ...texts],
  },
  {
    name: "rtrim",
    type: "text collate rtrim",
    values: ["Ann", "Ben"],
    equal: ["Ann", "Ann  "],
    missing: ["ann", " Ann", ...texts],
  },
];

export const keyColumns: Readonly<Record<DatabaseKind, readonly KeyColumnCase[]>> = {
  postgres,
  mysql: mariadb,
  sqlite,
};
