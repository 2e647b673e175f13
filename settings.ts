/** Every environment variable that is read, with its meaning in a line. `README.md` says more. */
export const settings = {
  HOST: "the address to listen on, 127.0.0.1 by default",
  PORT: "the port, 4000 by default; 0 picks a free one",
  WORKERS: "how many processes serve the port, 1 by default; auto for one per core",
  NODE_ENV: "production closes GraphiQL, introspection, CORS and the call log",
  DATABASE_URL: "sqlite:<file>, postgres://… or mysql://…; sqlite:.data/atlas.sqlite by default",
  COUNTRIES_URL: "base URL of the countries service; unset starts the embedded one",
  RATES_URL: "base URL of the rates service; unset starts the embedded one",
  SUN_URL: "base URL of the sun service; unset starts the embedded one",
  SERVICES_MAX_CONCURRENCY: "calls to each REST service at once, half of them for one request; 16 by default",
  SUN_LATENCY_MS: "how long the embedded sun service waits before it answers, 300 by default",
  RATES_DRIFT_MS: "how often the embedded rates service changes its rates, 10000 by default; 0 for never",
  RATES_POLL_MS: "how often the rates service is asked while somebody subscribes to a rate, 5000 by default",
  REQUEST_TIMEOUT_MS: "the deadline of a request, and of each event of a subscription, 10000 by default",
  CORS_ORIGINS: "exact origins, separated by commas, whose pages may ask; unset: any, but none in production",
  TRUSTED_PROXIES: "addresses or networks of proxies whose X-Forwarded-… headers count, separated by commas",
  GRAPHIQL: "on or off; on by default, but not in production",
  INTROSPECTION: "on or off; on by default, but not in production",
  COALESCE_QUERIES: "on by default: identical queries in flight are executed once; off executes each",
  LOG_LEVEL: "fatal, error, warn, info (the default), debug, trace or silent",
} as const satisfies Record<string, string>;

export type SettingName = keyof typeof settings;

const names = Object.keys(settings);

/** The text that `--help` prints. */
export function help(): string {
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const lines = Object.entries(settings).map(([name, meaning]) => `  ${name.padEnd(width)}${meaning}`);
  return [
    "Usage: npm start",
    "",
    "Starts the gateway, and prints its address once it answers. There are no arguments:",
    "settings come from the environment, as in PORT=8080 npm start.",
    "",
    ...lines,
  ].join("\n");
}

/**
 * A line for each variable that is probably meant as a setting and is none: with the first word of a setting, or one
 * letter from one.
 */
export function unknownSettings(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.keys(environment).flatMap((name) => {
    if (names.includes(name)) return [];
    const meant = names.find((known) => isNear(name.toUpperCase(), known));
    if (meant !== undefined) return [`${name} is not a setting: did you mean ${meant}?`];
    if (isOfOthers(name)) return [];
    const relatives = names.filter((known) => known.startsWith(`${firstWord(name)}_`) && name.includes("_"));
    return relatives.length > 0 ? [`${name} is not a setting: there is ${listed(relatives)}.`] : [];
  });
}

const firstWord = (name: string): string => name.split("_", 1)[0] ?? "";

const listed = (all: readonly string[]): string => new Intl.ListFormat("en", { type: "conjunction" }).format(all);

/** Node's own, and those that Kubernetes sets for each service of its cluster. */
const isOfOthers = (name: string): boolean =>
  name.startsWith("NODE_") || /_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP)(?:_\w+)?)?)$/.test(name);

/** Whether the texts are equal, or one letter is missing, added or another, or two stand the other way round. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  const isSwapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  const isAnother = restA.slice(1) === restB.slice(1);
  return isAnother || restA === restB.slice(1) || restA.slice(1) === restB || isSwapped;
}
