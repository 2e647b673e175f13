import type { GraphQLResolveInfo, GraphQLResolveInfoHelpers } from "graphql";
import type { Execution } from "./execution.ts";
import type { FieldPositions } from "./response-positions.ts";
import { UnreadValues } from "./unread-values.ts";

/**
 * What a resolver is told of its field, and of the operation around it. What plans and requests share of it is copied or
 * frozen: a resolver that writes into its `info` changes no other's.
 */
export function resolveInfo(execution: Execution, positions: FieldPositions, key: number): GraphQLResolveInfo {
  const { schema, fragmentDefinitions, rootValue, operation, variableValues } = execution.args;
  const { definition, nodes, parentType } = positions.field;
  return {
    fieldName: definition.name,
    fieldNodes: [...nodes],
    returnType: definition.type,
    parentType,
    path: positions.pathOf(key),
    schema,
    fragments: fragmentDefinitions,
    rootValue,
    operation,
    variableValues,
    getAbortSignal: execution.getAbortSignal,
    getAsyncHelpers,
  };
}

/** Nobody is told when a resolver's stray work is done (`hooks` are graphql-js' to call), so none is counted. */
const helpers: GraphQLResolveInfoHelpers = Object.freeze<GraphQLResolveInfoHelpers>({
  promiseAll: (values) => Promise.all(values),
  track: (values) => new UnreadValues().listenWithin(values),
});

const getAsyncHelpers = (): GraphQLResolveInfoHelpers => helpers;
