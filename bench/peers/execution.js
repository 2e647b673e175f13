/** Runs an executor of a peer with the same cases, like `bench/execution/own-worker.ts`. */
import { normalizedExecutor } from "@graphql-tools/executor";
import { makeExecutableSchema } from "@graphql-tools/schema";
import DataLoader from "dataloader";
import { parse } from "graphql";
import { compileQuery } from "graphql-jit";
import { cases, makeData, resolversFor, typeDefs } from "../execution/cases.ts";
import { runWorker } from "../execution/worker-loop.ts";

const [executor, name, size] = process.argv.slice(2);

await runWorker(async () => {
  const data = makeData(Number(size));
  const schema = makeExecutableSchema({ typeDefs, resolvers: resolversFor(data) });
  const document = parse(cases[name].query(Number(size)));
  const contextValue = () => ({
    userById: new DataLoader(async (ids) => ids.map((id) => data.userById.get(id))),
  });
  if (executor === "graphql-jit") {
    const compiled = compileQuery(schema, document);
    return () => compiled.query(undefined, contextValue(), {});
  }
  return () => normalizedExecutor({ schema, document, contextValue: contextValue() });
});
