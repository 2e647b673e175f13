import { isIP } from "node:net";
import { type RawBuilder, sql } from "kysely";
import { isTime } from "../../../relay/calendar.ts";

/** A column of MySQL or MariaDB, as `show full columns` describes it. */
export interface MysqlColumn {
  /** Without parameters, in lower case: `decimal`. */
  readonly type: string;
  /** The numbers in brackets behind the type: `[10, 2]`. */
  readonly sizes: readonly number[];
  readonly isUnsigned: boolean;
  /** Of a text; undefined for everything else. */
  readonly collation: string | undefined;
  /** Of an `enum` or a `set`, in their order. */
  readonly labels: readonly string[];
}

/** A column that the catalogue does not have: the statement that names it says so. */
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
 * The value as this column holds it, or undefined where it cannot hold it. MySQL and MariaDB convert by themselves, too,
 * but make 1 of `'1abc'` and 0 of `'abc'`.
 */
export function mysqlValue(column: MysqlColumn, value: string | number): string | number | undefined {
  const text = String(value).trim();
  switch (classOf(column)) {
    case "integer":
      // Of two digits the server would make a year of four.
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

/** Plain digits; undefined where the column would have to round them. */
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

/** As the server writes it, in UTC. Zero dates are values there. */
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

/** Whether the column holds every text. */
const takesAnyText = (column: MysqlColumn): boolean => charsetOf(column) === "utf8mb4";

/** The type of a value of this column in a `json_table`: what `mysqlEquals` compares the column with. */
export function mysqlListType(column: MysqlColumn): RawBuilder<unknown> {
  const collation = column.collation === undefined || !takesAnyText(column) ? "utf8mb4_bin" : column.collation;
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

/** A value that `mysqlValue` gave, as a parameter of the type that it has in a list. */
export function mysqlParameter(column: MysqlColumn, value: string | number): RawBuilder<unknown> {
  const kind = classOf(column);
  if (kind === "decimal") return sql`cast(${value} as ${mysqlListType(column)})`;
  if (kind === "integer" && typeof value === "string")
    return sql`cast(${value} as ${sql.raw(isUnsigned(column) ? "unsigned" : "signed")})`;
  return sql`${value}`;
}

/** Whether the column has the value, which is a parameter or stands in a list: in the column's type and collation. */
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
      if (takesAnyText(column)) return sql`${reference} = ${value}`;
      const charset = sql.raw(charsetOf(column));
      // A character that the character set has not would become a question mark.
      return sql`${reference} = convert(${value} using ${charset}) collate ${sql.raw(column.collation ?? "")} and convert(convert(${value} using ${charset}) using utf8mb4) = cast(${value} as binary)`;
    }
    default:
      return sql`${reference} = ${value}`;
  }
}

export const isIntegerColumn = (column: MysqlColumn): boolean => classOf(column) === "integer";
