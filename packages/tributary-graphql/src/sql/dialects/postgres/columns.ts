/** The type of a column of PostgreSQL; of a domain the type below it. */
export interface PostgresColumn {
  readonly type: string;
  readonly isBuiltIn: boolean;
  /** A domain may have conditions of its own. */
  readonly isDomain: boolean;
  /** Of an enum. */
  readonly labels: readonly string[];
}

/** Whether a text is a value of a type; `unknown` where only the server can tell. */
export type Fit = "yes" | "no" | "unknown";

/** The input of the types that keys mostly have; all others are left to the server. */
export function postgresFit(column: PostgresColumn | undefined, value: string | number): Fit {
  if (column === undefined) return "unknown";
  const fit = baseFit(column, String(value));
  return fit === "yes" && column.isDomain ? "unknown" : fit;
}

function baseFit(column: PostgresColumn, text: string): Fit {
  if (column.labels.length > 0) return column.labels.includes(text) ? "yes" : "no";
  if (!column.isBuiltIn) return "unknown";
  const fitOf = Object.hasOwn(fits, column.type) ? fits[column.type] : undefined;
  return fitOf?.(text) ?? "unknown";
}

const fits: Readonly<Record<string, (text: string) => Fit>> = {
  int2: (text) => integerFit(text, 2n ** 15n),
  int4: (text) => integerFit(text, 2n ** 31n),
  int8: (text) => integerFit(text, 2n ** 63n),
  float4: numberFit,
  float8: numberFit,
  numeric: numberFit,
  uuid: uuidFit,
  bool: (text) => (booleans.test(text) ? "yes" : "no"),
  text: textFit,
  varchar: textFit,
  bpchar: textFit,
};

const booleans = /^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)\s*$/i;

function uuidFit(text: string): Fit {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return "yes";
  return /^\{?(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}\}?$/i.test(text) ? "unknown" : "no";
}

function integerFit(text: string, limit: bigint): Fit {
  const digits = text.trim();
  if (/^[+-]?\d{1,40}$/.test(digits)) {
    const value = BigInt(digits.replace("+", ""));
    return value >= -limit && value < limit ? "yes" : "no";
  }
  // Since PostgreSQL 16 there are other spellings: 1_000, 0xff.
  return /^[+-]?\d[\da-fx_]*$/i.test(digits) ? "unknown" : "no";
}

function numberFit(text: string): Fit {
  const number = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(number)) return number.length < 30 ? "yes" : "unknown";
  return /^[+-]?(?:\d|\.\d|nan$|inf)/i.test(number) ? "unknown" : "no";
}

/** A database of another encoding than UTF-8 has no character for some texts. */
function textFit(text: string): Fit {
  return /^[ -~]*$/.test(text) ? "yes" : "unknown";
}
