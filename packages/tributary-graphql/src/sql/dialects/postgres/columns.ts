/** The type of a column of PostgreSQL; for a domain, its base type. */
export interface PostgresColumn {
  readonly type: string;
  readonly isBuiltIn: boolean;
  /** A domain may have check constraints. */
  readonly isDomain: boolean;
  /** The labels of an enum. */
  readonly labels: readonly string[];
}

/** Whether a text can be converted to a type; `unknown` if only the server can tell. */
export type Validity = "valid" | "invalid" | "unknown";

/** Validates a key of the types that keys usually have; `unknown` for all others. */
export function postgresValidity(column: PostgresColumn | undefined, value: string | number): Validity {
  if (column === undefined) return "unknown";
  const validity = baseValidity(column, String(value));
  return validity === "valid" && column.isDomain ? "unknown" : validity;
}

function baseValidity(column: PostgresColumn, text: string): Validity {
  if (column.labels.length > 0) return column.labels.includes(text) ? "valid" : "invalid";
  if (!column.isBuiltIn) return "unknown";
  const validate = Object.hasOwn(validators, column.type) ? validators[column.type] : undefined;
  return validate?.(text) ?? "unknown";
}

const validators: Readonly<Record<string, (text: string) => Validity>> = {
  int2: (text) => validateInteger(text, 2n ** 15n),
  int4: (text) => validateInteger(text, 2n ** 31n),
  int8: (text) => validateInteger(text, 2n ** 63n),
  float4: validateNumber,
  float8: validateNumber,
  numeric: validateNumber,
  uuid: validateUuid,
  bool: (text) => (booleans.test(text) ? "valid" : "invalid"),
  text: validateText,
  varchar: validateText,
  bpchar: validateText,
};

const booleans = /^\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)\s*$/i;

function validateUuid(text: string): Validity {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return "valid";
  return /^\{?(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}\}?$/i.test(text) ? "unknown" : "invalid";
}

function validateInteger(text: string, limit: bigint): Validity {
  const digits = text.trim();
  if (/^[+-]?\d{1,40}$/.test(digits)) {
    const value = BigInt(digits.replace("+", ""));
    return value >= -limit && value < limit ? "valid" : "invalid";
  }
  // PostgreSQL 16 and later accept other notations: 1_000, 0xff.
  return /^[+-]?\d[\da-fx_]*$/i.test(digits) ? "unknown" : "invalid";
}

function validateNumber(text: string): Validity {
  const number = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(number)) return number.length < 30 ? "valid" : "unknown";
  return /^[+-]?(?:\d|\.\d|nan$|inf)/i.test(number) ? "unknown" : "invalid";
}

/** A database whose encoding is not UTF-8 cannot represent some characters. */
function validateText(text: string): Validity {
  return /^[ -~]*$/.test(text) ? "valid" : "unknown";
}
