import DataLoader from "dataloader";
import { buildSchema, type ExecutionArgs, execute, isObjectType, parse } from "graphql";
import { type CaseData, type ExecutionContext, resolversFor, typeDefs } from "./cases.ts";

export const executeByGraphQLJs = execute;

/** Returns a function that creates the arguments of an execution, with a new context each time. */
export function executionArgs(query: string, data: CaseData): () => ExecutionArgs {
  const schema = buildSchema(typeDefs);
  for (const [typeName, fields] of Object.entries(resolversFor(data))) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new TypeError(`Expected an object type, got ${typeName}.`);
    for (const [name, resolve] of Object.entries(fields)) {
      Object.assign(type.getFields()[name] ?? {}, { resolve });
    }
  }
  const document = parse(query);
  return () => ({ schema, document, contextValue: contextFor(data) });
}

const contextFor = ({ userById }: CaseData): ExecutionContext => ({
  userById: new DataLoader(async (ids: readonly number[]) => ids.map((id) => userById.get(id))),
});
