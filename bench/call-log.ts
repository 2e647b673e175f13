import {
  buildSchema,
  GraphQLDeferDirective,
  type GraphQLObjectType,
  GraphQLSchema,
  GraphQLStreamDirective,
  specifiedDirectives,
} from "graphql";
import { pino } from "pino";
import type { RequestScope } from "tributary-graphql";
import { CallLog, createGateway, type Gateway } from "tributary-graphql";
import { type Contender, timeRounds } from "./measure.ts";
import { describeMachine, markdownTable } from "./report.ts";
import { NoCallLog } from "./serving/features.ts";
import { median } from "./statistics.ts";

const callsPerRequest = 10;
const requestsPerRound = 100;
const rounds = 60;

/** The cost of the call log per request. */
export async function runCallLog(): Promise<string> {
  const withLog = gatewayWith(() => new CallLog());
  const withoutLog = gatewayWith(() => new NoCallLog());
  const contenders = [contender("with the log", withLog), contender("without", withoutLog)];
  const timings = await timeRounds(contenders, { rounds, warmUpRounds: 20 });
  await Promise.all([withLog.close(), withoutLog.close()]);
  const [logged = [], plain = []] = [...timings.values()];
  const requestNs = (median(plain) * 1e6) / requestsPerRound;
  // Ratios per round, because other load on the machine mostly affects both contenders of a round.
  const ratios = logged.map((ms, round) => ms / (plain[round] ?? Number.NaN));
  return section(nanosecondsPerCall(), requestNs, ratios);
}

function section(callNs: number, requestNs: number, ratios: readonly number[]): string {
  const ordered = ratios.toSorted((one, other) => one - other);
  const quartile = (share: number): string => (ordered[Math.floor(share * (ordered.length - 1))] ?? 0).toFixed(3);
  const share = ((callNs * callsPerRequest) / requestNs) * 100;
  const rows = [
    ["one call: begun, ended, kept", `${callNs.toFixed(0)} ns`],
    [`a request without the log, ${callsPerRequest} calls that take no time`, `${(requestNs / 1000).toFixed(0)} µs`],
    [`the log's part of that, ${callsPerRequest} calls`, `${share.toFixed(2)} %`],
    [
      "a request with the log, in requests without",
      `${median(ratios).toFixed(3)} (${quartile(0.25)} to ${quartile(0.75)})`,
    ],
  ];
  return `## The call log

${describeMachine()}. A query over one object and a list of ten, answered by the gateway without a socket. The last row is
the median of ${rounds} rounds of ${requestsPerRound} requests, with the quartiles: how far they lie from 1 is mostly the machine's noise.

${markdownTable(["what", "cost"], rows)}`;
}

function nanosecondsPerCall(): number {
  const times = Array.from({ length: 40 }, () => {
    const startedAt = performance.now();
    for (let request = 0; request < 5000; request += 1) logCalls(new CallLog());
    return ((performance.now() - startedAt) * 1e6) / (5000 * callsPerRequest);
  });
  return median(times.slice(20));
}

function logCalls(calls: CallLog): void {
  for (let call = 0; call < callsPerRequest; call += 1) calls.begin("database", "citiesByCountry", 5).succeed(10);
}

const contender = (name: string, gateway: Gateway): Contender<void> => ({
  name,
  run: async () => {
    for (let count = 0; count < requestsPerRound; count += 1) await request(gateway);
  },
});

async function request(gateway: Gateway): Promise<void> {
  const body = JSON.stringify({ query: "{ country { name cities { name population } } }" });
  const headers = { "content-type": "application/json", accept: "application/json" };
  const response = await gateway.fetch(new Request("http://bench.test/graphql", { method: "POST", headers, body }));
  await response.text();
}

function gatewayWith(createCallLog: () => CallLog): Gateway {
  const gateway = createGateway<RequestScope>({
    schema: countrySchema(),
    createContext: (scope) => scope,
    createCallLog,
    logger: pino({ level: "silent" }),
    isProduction: false,
    requestTimeoutMs: 10_000,
    graphiql: { title: "", tabs: [] },
    readiness: {},
  });
  gateway.markReady();
  return gateway;
}

function countrySchema(): GraphQLSchema {
  const built = buildSchema(
    "type Query { country: Country } type Country { name: String cities: [City] } type City { name: String population: Int }",
  );
  const country = (built.getType("Query") as GraphQLObjectType).getFields().country;
  const cities = Array.from({ length: 10 }, (_, index) => ({ name: `city ${index}`, population: index }));
  if (country) {
    country.resolve = (_, __, { calls }: RequestScope) => {
      logCalls(calls);
      return { name: "a country", cities };
    };
  }
  const directives = [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective];
  return new GraphQLSchema({ ...built.toConfig(), directives });
}
