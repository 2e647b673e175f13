import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import {
  GraphQLDeferDirective,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLStreamDirective,
  GraphQLString,
  specifiedDirectives,
} from "graphql";
import { pino } from "pino";
import { Primary } from "../../../../src/gateway/cluster/primary.ts";
import { connectToPrimary, isWorker } from "../../../../src/gateway/cluster/worker.ts";
import { createGateway } from "../../../../src/gateway/gateway.ts";

/** A server of several processes whose workers exit, hang, log or wait on request. */
const { TOY_WORKERS = "2", TOY_VERSION = "", TOY_TIMING = "{}", PORT = "0" } = process.env;

interface Shared {
  readonly prepared: number;
}

/** The version: a text, or `throws …`, `exits` or `kills itself`, which the worker does while it opens. */
const readVersion = (): string => (existsSync(TOY_VERSION) ? readFileSync(TOY_VERSION, "utf8") : "");

function startWorker(): void {
  const primary = connectToPrimary<Shared>();
  const logger = pino({ level: "info" }, process.stdout).child({ worker: primary.workerNumber });
  const version = readVersion();
  let prepared = 0;
  const int = { args: { value: { type: new GraphQLNonNull(GraphQLInt) } } };
  const Query = new GraphQLObjectType({
    name: "Query",
    fields: {
      pid: { type: GraphQLInt, resolve: () => process.pid },
      version: { type: GraphQLString, resolve: () => version },
      prepared: { type: GraphQLInt, resolve: () => prepared },
      waitedMs: {
        ...int,
        type: GraphQLInt,
        resolve: (_, { value }) => {
          if (value > 100) logger.info("waiting");
          return delay(value, value);
        },
      },
      exit: { ...int, type: GraphQLInt, resolve: (_, { value }) => process.exit(value) },
      hang: {
        type: GraphQLInt,
        resolve: () => {
          logger.info("hanging");
          for (;;);
        },
      },
      logged: {
        ...int,
        type: GraphQLInt,
        resolve: (_, { value }) => {
          logger.info({ padding: String(primary.workerNumber).repeat(value) }, "padded");
          return value;
        },
      },
    },
  });
  const Subscription = new GraphQLObjectType({
    name: "Subscription",
    fields: {
      pids: {
        type: GraphQLInt,
        resolve: (pid) => pid,
        async *subscribe() {
          for (; ; await delay(5)) yield process.pid;
        },
      },
    },
  });
  const gateway = createGateway({
    schema: new GraphQLSchema({
      query: Query,
      subscription: Subscription,
      directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective],
    }),
    createContext: (scope) => scope,
    logger: logger.child({}, { level: "warn" }),
    isProduction: false,
    startsReady: false,
    retireTimeoutMs: 1_000,
    clusterState: primary.clusterState,
  });
  primary.obey({
    listen: (port) => gateway.listen({ host: "127.0.0.1", port }),
    open: async (shared) => {
      prepared = shared.prepared;
      if (version.startsWith("throws ")) throw new Error(version.slice("throws ".length));
      if (version === "exits") process.exit(7);
      if (version === "kills itself") process.kill(process.pid, "SIGKILL");
      // A request during this time gets 503.
      await delay(50);
      gateway.markReady();
    },
    retire: () => gateway.retire(),
    close: () => gateway.close(),
  });
}

async function startPrimary(): Promise<void> {
  let preparations = 0;
  const primary = new Primary<Shared>({
    workers: Number(TOY_WORKERS),
    port: Number(PORT),
    logger: pino({ level: "info" }, process.stdout),
    prepare: async () => ({ prepared: ++preparations }),
    timing: JSON.parse(TOY_TIMING),
  });
  let isStopping = false;
  const stop = async () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    await primary.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  process.on("SIGUSR2", () => primary.restart());
  try {
    const { url } = await primary.start();
    console.log(`listening on ${url}`);
  } catch (error) {
    await primary.close();
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

if (isWorker()) startWorker();
else await startPrimary();
