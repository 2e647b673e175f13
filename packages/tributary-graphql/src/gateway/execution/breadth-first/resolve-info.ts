import type { GraphQLResolveInfo, GraphQLResolveInfoHelpers } from "graphql";
import type { Execution } from "./execution.ts";
import { RejectionHandlers } from "./rejection-handlers.ts";
import type { FieldPositions } from "./response-positions.ts";

/**
 * The `info` of a resolver. Parts that plans and requests share are copied or frozen: a resolver that changes its `info` affects
 * no other call.
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

/** Untracked: operations with the hook `asyncWorkFinished`, which would wait for this work, fall back to graphql-js. */
const helpers: GraphQLResolveInfoHelpers = Object.freeze<GraphQLResolveInfoHelpers>({
  promiseAll: (values) => Promise.all(values),
  track: (values) => new RejectionHandlers().addTo(values),
});

const getAsyncHelpers = (): GraphQLResolveInfoHelpers => helpers;
