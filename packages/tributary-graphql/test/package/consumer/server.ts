import { pino } from "pino";
import { createGateway } from "tributary-graphql";
import { schema } from "./schema.ts";
import { createSources, openConnections } from "./sources.ts";

const connections = await openConnections(process.env.DATABASE_URL ?? "", process.env.LABELS_URL ?? "");
const gateway = createGateway({
  schema,
  logger: pino({ level: "warn" }),
  isProduction: false,
  requestTimeoutMs: 10_000,
  graphiql: { title: "Music", tabs: [] },
  readiness: {},
  createContext: (scope) => ({ sources: createSources(connections, scope) }),
});
gateway.markReady();
const { url } = await gateway.listen({ host: "127.0.0.1", port: 0 });
console.log(`listening on ${url}`);
