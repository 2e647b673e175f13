import { isIP } from "node:net";
import { type RawBuilder, sql } from "kysely";
import { isTime } from "../../../relay/calendar.ts";

/** A column of MySQL or MariaDB, from `show full columns`. */
export interface MysqlColumn {
  /** The type without parameters, in lower case: `decimal`. */
  readonly type: string;
  /** The type's numeric parameters: `[10, 2]`. */
  readonly sizes: readonly number[];
  readonly isUnsigned: boolean;
  /** The collation of a text column; otherwise undefined. */
  readonly collation: string | undefined;
  /** The labels of an `enum` or a `set`, in their order. */
  readonly labels: readonly string[];
}

/** Stands for a column that the catalog does not have. The statement that names it will fail. */
export const unknownColumn: MysqlColumn = {
  type: "varchar",
  sizes: [],
  isUnsigned: false,
  collation: undefined,
  labels: [],
};

export function mysqlColumn(definition: string, collation: string | null): MysqlColumn {
  const [, type = "", parameters = ""] = /^(\w+)\s*(?:\(((?:'(?:''|[^'])*'|[^')])*)\))?/.exec(definition) ?? [];
  const labels = [...parameters.matchAll(/'((?:''|[^'])*)'/g)].map(([, label = ""]) => label.replaceAll("''", "'"));
  return {
    type: type.toLowerCase(),
    sizes: labels.length > 0 ? [] : parameters.split(",").map(Number),
    isUnsigned: /\bunsigned\b/i.test(definition),
    collation: collation ?? undefined,
    labels,
  };
}

type ColumnClass = "integer" | "decimal" | "float" | "double" | "text" | "date" | "datetime" | "time" | "address";

const classes: Readonly<Record<string, ColumnClass>> = {
  tinyint: "integer",
  smallint: "integer",
  mediumint: "integer",
  int: "integer",
  bigint: "integer",
  year: "integer",
  bit: "integer",
  decimal: "decimal",
  float: "float",
  double: "double",
  date: "date",
  datetime: "datetime",
  timestamp: "datetime",
  time: "time",
  uuid: "address",
  inet4: "address",
  inet6: "address",
};

const classOf = ({ type }: MysqlColumn): ColumnClass =>
  (Object.hasOwn(classes, type) ? classes[type] : undefined) ?? "text";

const isUnsigned = ({ type, isUnsigned }: MysqlColumn): boolean => isUnsigned || type === "bit" || type === "year";

/**
 * Converts a key to the type of its column; undefined when it cannot be converted. MySQL and MariaDB would convert it,
 * too, but `'1abc'` to 1 and `'abc'` to 0.
 */
export function toMysqlKey(column: MysqlColumn, value: string | number): string | number | undefined {
  const text = String(value).trim();
  switch (classOf(column)) {
    case "integer":
      // The server would expand a year of two digits to four.
      return column.type === "year" && /^\+?0*[1-9]\d?$/.test(text) ? undefined : integerOf(text, isUnsigned(column));
    case "decimal":
      return decimalOf(text, column.sizes);
    case "float":
      return finite(text, Math.fround);
    case "double":
      return finite(text, Number);
    case "date":
    case "datetime":
      return timeOf(text);
    case "time":
      return /^-?\d{1,3}:\d\d(?::\d\d(?:\.\d{1,6})?)?$/.test(text) ? text : undefined;
    case "address":
      return isAddress(column.type, text) ? text : undefined;
    case "text":
      return String(value);
    default:
      return undefined;
  }
}

function integerOf(text: string, isUnsigned: boolean): string | number | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  const [least, most] = isUnsigned ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  if (value < least || value > most) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

const numberPattern = /^([+-]?)(?:(\d{1,1000})(?:\.(\d{0,1000}))?|\.(\d{1,1000}))(?:e([+-]?\d{1,3}))?$/i;

/** Plain digits; undefined when the column would round them. */
function decimalOf(text: string, [precision = 10, scale = 0]: readonly number[]): string | undefined {
  const [, sign, whole = "", fraction, bareFraction, exponent = "0"] = numberPattern.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const places = fraction ?? bareFraction ?? "";
  const point = whole.length + Number(exponent);
  const digits = `${"0".repeat(Math.max(0, -point))}${whole}${places}`.padEnd(Math.max(0, point), "0");
  const left = digits.slice(0, Math.max(0, point)).replace(/^0+/, "");
  const right = digits.slice(Math.max(0, point)).replace(/0+$/, "");
  if (left.length > precision - scale || right.length > scale) return undefined;
  return `${sign === "-" ? "-" : ""}${left || "0"}${right && `.${right}`}`;
}

function finite(text: string, round: (value: number) => number): number | undefined {
  const value = numberPattern.test(text) ? round(Number(text)) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** In the server's format, in UTC. Zero dates are valid there. */
function timeOf(text: string): string | undefined {
  if (/^(?:\d{4}-00-\d\d|\d{4}-\d\d-00)(?: 00:00:00(?:\.0{1,6})?)?$/.test(text)) return text;
  if (!isTime(text, "timestamp")) return undefined;
  const [, day, time, fraction = "", zone = ""] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?(.*)$/.exec(text) ?? [];
  if (day === undefined || time === undefined) return /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined;
  const offset = /^([+-]\d\d):?(\d\d)?$/.exec(zone);
  const utc = new Date(`${day}T${time}${offset === null ? "Z" : `${offset[1]}:${offset[2] ?? "00"}`}`);
  return `${utc.toISOString().slice(0, 19).replace("T", " ")}${fraction.slice(0, 7)}`;
}

function isAddress(type: string, text: string): boolean {
  if (type === "inet4") return isIP(text) === 4;
  if (type === "inet6") return isIP(text) !== 0;
  return /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text);
}

const charsetOf = ({ collation }: MysqlColumn): string => collation?.split("_")[0] ?? "utf8mb4";

/** Whether the column can store every Unicode text. */
const isUtf8mb4 = (column: MysqlColumn): boolean => charsetOf(column) === "utf8mb4";

/** The column type in a `json_table` for keys of this column; `mysqlEquals` compares the two. */
export function mysqlListType(column: MysqlColumn): RawBuilder<unknown> {
  const collation = column.collation === undefined || !isUtf8mb4(column) ? "utf8mb4_bin" : column.collation;
  switch (classOf(column)) {
    case "integer":
      return sql.raw(isUnsigned(column) ? "bigint unsigned" : "bigint");
    case "decimal":
      return sql.raw(`decimal(${column.sizes.join(", ")})`);
    case "float":
    case "double":
      return sql.raw("double");
    default:
      return sql.raw(`longtext character set utf8mb4 collate ${collation}`);
  }
}

/** A parameter with a result of `toMysqlKey`, cast to the type that it has in a key list. */
export function mysqlKeyParameter(column: MysqlColumn, value: string | number): RawBuilder<unknown> {
  const kind = classOf(column);
  if (kind === "decimal") return sql`cast(${value} as ${mysqlListType(column)})`;
  if (kind === "integer" && typeof value === "string")
    return sql`cast(${value} as ${sql.raw(isUnsigned(column) ? "unsigned" : "signed")})`;
  return sql`${value}`;
}

/** Compares the column with a parameter or a value of a key list, in the column's type and collation. */
export function mysqlEquals(
  column: MysqlColumn,
  reference: RawBuilder<unknown>,
  value: RawBuilder<unknown>,
): RawBuilder<unknown> {
  switch (classOf(column)) {
    case "date":
      return sql`${reference} = cast(${value} as date)`;
    case "datetime":
      return sql`${reference} = cast(${value} as datetime(6))`;
    case "time":
      return sql`${reference} = cast(${value} as time(6))`;
    case "address":
      return sql`${reference} = cast(${value} as ${sql.raw(column.type)})`;
    case "text": {
      if (isUtf8mb4(column)) return sql`${reference} = ${value}`;
      const charset = sql.raw(charsetOf(column));
      // `convert` would replace a character that is not in the character set with a question mark.
      return sql`${reference} = convert(${value} using ${charset}) collate ${sql.raw(column.collation ?? "")} and convert(convert(${value} using ${charset}) using utf8mb4) = cast(${value} as binary)`;
    }
    default:
      return sql`${reference} = ${value}`;
  }
}

export const isIntegerColumn = (column: MysqlColumn): boolean => classOf(column) === "integer";
