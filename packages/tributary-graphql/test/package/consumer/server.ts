import { createGateway } from "tributary-graphql";
import { schema } from "./schema.ts";
import { createSources, openConnections } from "./sources.ts";

const connections = await openConnections(process.env.DATABASE_URL ?? "", process.env.LABELS_URL ?? "");
const gateway = createGateway({
  schema,
  createContext: (scope) => ({ sources: createSources(connections, scope) }),
});
const { url } = await gateway.listen({ port: 0 });
console.log(`listening on ${url}`);
