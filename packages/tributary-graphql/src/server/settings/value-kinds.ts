import { isIP } from "node:net";

/** How the text of an environment variable is parsed. */
export interface ValueKind<Value> {
  /** The text of an error after "expected": `a whole number from 0 to 65535`. */
  readonly expected: string;
  /** The value, or undefined when the text is invalid. The text is trimmed and never empty. */
  parse(text: string): Value | undefined;
  /** The text as an error may show it. Default: as it is, in quotes. */
  shown?(text: string): string;
}

/** @param max at most 999,999,999 */
export const wholeNumber = (min: number, max: number): ValueKind<number> => ({
  expected: `a whole number from ${min} to ${max}`,
  parse: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
});

export interface RateLimitValue {
  /** How much is added to the bucket of a client per minute. */
  readonly costPerMinute: number;
  /** The most that the bucket of a client holds. */
  readonly burst: number;
}

/** `6000`, or `6000/1000` with a burst that is not the cost per minute. */
export const rateLimit: ValueKind<RateLimitValue> = {
  expected: "a cost per minute, such as 6000, or with a burst, 6000/1000; whole numbers from 1 to 999999999",
  parse(text) {
    const numbers = text.split("/").map((part) => positive.parse(part.trim()));
    if (numbers.length > 2 || numbers.includes(undefined)) return undefined;
    const [costPerMinute = 0, burst = costPerMinute] = numbers;
    return { costPerMinute, burst };
  },
};

const positive = wholeNumber(1, 999_999_999);

export const wholeNumberOrOff = (min: number, max: number): ValueKind<number | "off"> => ({
  expected: `${wholeNumber(min, max).expected}, or off`,
  parse: (text) => (text === "off" ? text : wholeNumber(min, max).parse(text)),
});

export const oneOf = <const Value extends string>(values: readonly Value[]): ValueKind<Value> => ({
  expected: `one of ${values.join(", ")}`,
  parse: (text) => values.find((value) => value === text),
});

/** True for `on`, false for `off`. */
export const onOrOff: ValueKind<boolean> = {
  expected: oneOf(["on", "off"]).expected,
  parse: (text) => (text === "on" ? true : text === "off" ? false : undefined),
};

/** Any text that is not empty. */
export const anyText: ValueKind<string> = {
  expected: "a text",
  parse: (text) => text,
};

/** A path of a file. */
export const path: ValueKind<string> = {
  expected: "a path of a file",
  parse: (text) => (text === "" || text.includes("\0") ? undefined : text),
};

/** A bearer token (RFC 6750, 2.1) that nobody guesses. Errors do not show it. */
export const secretToken: ValueKind<string> = {
  expected: "a token of at least 16 letters, digits and -._~+/",
  parse: (text) => (/^[\w.~+/-]{16,}=*$/.test(text) ? text : undefined),
  shown: (text) => `one of ${text.length} characters`,
};

/** Several, separated by commas. */
export const listOf = <Value>(item: ValueKind<Value>): ValueKind<readonly Value[]> => ({
  expected: `${item.expected}; several are separated by commas`,
  parse(text) {
    const values = text.split(",").map((each) => item.parse(each.trim()));
    return values.every((value) => value !== undefined) ? values : undefined;
  },
  ...(item.shown && { shown: item.shown }),
});

/** The base URL of a service. Paths are appended to it, so it has no query; credentials in it would be ignored. */
export const httpUrl: ValueKind<string> = {
  expected: "a URL without user, query and fragment, such as http://127.0.0.1:4101",
  parse: (text) => (isBaseUrl(text) ? text : undefined),
  shown: withoutPassword,
};

/** A URL for `openDatabase` of `tributary-graphql/sql`. */
export const databaseUrl: ValueKind<string> = {
  expected: "sqlite:<file>, postgres://user:password@host:port/database or mysql://user:password@host:port/database",
  parse: (text) => (/^(sqlite:.+|(postgres|postgresql|mysql|mariadb):\/\/.+)/.test(text) ? text : undefined),
  shown: withoutPassword,
};

/** A URL of Redis. A path is the number of its database. */
export const redisUrl: ValueKind<string> = {
  expected: "redis://user:password@host:port/database, or rediss://… for TLS",
  parse(text) {
    const url = URL.parse(text);
    return url && /^rediss?:$/.test(url.protocol) && url.hostname !== "" && /^(\/\d*)?$/.test(url.pathname)
      ? text
      : undefined;
  },
  shown: withoutPassword,
};

/** An origin as browsers send it: scheme, host, and the port unless it is the scheme's default. */
export const origin: ValueKind<string> = {
  expected: "exact origins such as https://app.example.com, without a path and without *",
  parse(text) {
    const url = URL.parse(text);
    return url && /^https?:$/.test(url.protocol) && url.origin === text && !text.includes("*") ? text : undefined;
  },
};

export const network: ValueKind<string> = {
  expected: "addresses or networks such as 127.0.0.1 or 10.0.0.0/8",
  parse: (text) => (isNetwork(text) ? text : undefined),
};

export const host: ValueKind<string> = {
  expected: "a host name or address to listen on, such as 127.0.0.1 or 0.0.0.0",
  parse: (text) => (/^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined),
};

/** Keeps the password of a URL out of the log. */
function withoutPassword(text: string): string {
  return JSON.stringify(text.replace(/(\/\/[^:/@]*):.*@/, "$1:***@"));
}

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && !/[?#]/.test(text);
}

function isNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  if (isIP(address) === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIP(address) === 4 ? 32 : 128));
}
