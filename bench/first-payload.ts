import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import DataLoader from "dataloader";
import {
  buildSchema,
  GraphQLDeferDirective,
  type GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLStreamDirective,
  specifiedDirectives,
} from "graphql";
import { pino } from "pino";
import { createGateway } from "tributary-graphql";
import { type Contender, timeRounds } from "./measure.ts";
import { describeMachine, markdownTable } from "./report.ts";
import { median } from "./statistics.ts";

/** The latency of a batch, and of a batch with a slow key. */
const fastMs = 20;
const slowMs = 300;

const rounds = 31;

const accepts = [
  "multipart/mixed;incrementalSpec=v0.2",
  "multipart/mixed;deferSpec=20220824",
  "text/event-stream;incrementalSpec=v0.2",
  "text/event-stream;deferSpec=20220824",
] as const;

const queries = {
  "`@defer` around the slow field": "{ fast ... @defer { slow } }",
  "`@stream` of a list with the slow field": "{ fast items @stream(initialCount: 1) { name } }",
} as const;

/** The same queries without the slow fields. */
const plainQueries: Readonly<Record<keyof typeof queries, string>> = {
  "`@defer` around the slow field": "{ fast }",
  "`@stream` of a list with the slow field": "{ fast first { name } }",
};

/** Compares the latency of the first payload with that of the same query without the deferred fields. */
export async function runFirstPayload(): Promise<string> {
  const gateway = createGateway<Context>({
    schema: slowSchema(),
    createContext: () => ({ loader: new DataLoader(loadBatch) }),
    logger: pino({ level: "silent" }),
    isProduction: false,
    requestTimeoutMs: 10_000,
    graphiql: { title: "", tabs: [] },
    readiness: {},
  });
  const { url } = await gateway.listen({ host: "127.0.0.1", port: 0 });
  gateway.markReady();
  const rows: string[][] = [];
  for (const [name, query] of Object.entries(queries) as [keyof typeof queries, string][]) {
    const plain: Contender<void> = {
      name: "plain",
      run: () => firstPayload(url, plainQueries[name], "application/json"),
    };
    const streamed = accepts.map((accept) => ({ name: accept, run: () => firstPayload(url, query, accept) }));
    const timings = await timeRounds([plain, ...streamed], { rounds, warmUpRounds: 5 });
    const plainMs = median(timings.get("plain") ?? []);
    for (const accept of accepts) {
      const ms = median(timings.get(accept) ?? []);
      rows.push([name, `\`${accept}\``, plainMs.toFixed(1), ms.toFixed(1), (ms / plainMs).toFixed(2)]);
    }
  }
  await gateway.close();
  return `## The first payload

${describeMachine()}. Over HTTP. One loader for what comes first and what comes later: a batch takes ${fastMs} ms, one with a slow key
${slowMs} ms. Medians of ${rounds} rounds, alternating with the same query without the slow field.

${markdownTable(["query", "asked for as", "without, ms", "first payload, ms", "ratio"], rows)}`;
}

interface Context {
  readonly loader: DataLoader<string, string>;
}

async function loadBatch(keys: readonly string[]): Promise<readonly string[]> {
  await delay(keys.some((key) => key.startsWith("slow")) ? slowMs : fastMs);
  return keys;
}

function slowSchema(): GraphQLSchema {
  const built = buildSchema(
    "type Query { fast: String slow: String first: [Item] items: [Item] } type Item { name: String }",
  );
  const load =
    (key: (source: unknown) => string): GraphQLFieldResolver<unknown, Context> =>
    (source, _, { loader }) =>
      loader.load(key(source));
  const items = Array.from({ length: 20 }, (_, index) => ({ key: index === 0 ? "first" : `slow ${index}` }));
  setResolvers(built, "Query", {
    fast: load(() => "fast"),
    slow: load(() => "slow"),
    first: () => items.slice(0, 1),
    items: () => items,
  });
  setResolvers(built, "Item", { name: load((item) => (item as (typeof items)[number]).key) });
  const directives = [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective];
  return new GraphQLSchema({ ...built.toConfig(), directives });
}

function setResolvers(
  schema: GraphQLSchema,
  name: string,
  resolvers: Readonly<Record<string, GraphQLFieldResolver<unknown, Context>>>,
): void {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLObjectType)) throw new Error(`Expected an object type ${name}.`);
  for (const [field, resolve] of Object.entries(resolvers)) Object.assign(type.getFields()[field] ?? {}, { resolve });
}

/**
 * Resolves at the first payload, and aborts the rest of the response. Without keep-alive, for equal conditions: a
 * connection with an aborted response cannot be reused.
 */
async function firstPayload(url: string, query: string, accept: string): Promise<void> {
  const request = get(`${url}?${new URLSearchParams({ query })}`, { headers: { accept }, agent: false });
  const [response]: IncomingMessage[] = await once(request, "response");
  let text = "";
  for await (const chunk of response ?? []) {
    text += String(chunk);
    if (text.includes('"fast":"fast"')) return;
  }
  throw new Error(`Expected a first payload, got ${text}.`);
}
