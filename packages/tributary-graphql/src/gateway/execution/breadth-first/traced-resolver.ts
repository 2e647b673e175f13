import { type GraphQLFieldResolver, responsePathAsArray } from "graphql";
import { resolveChannel, shouldTrace, traceMixed } from "graphql/diagnostics.js";

export type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** Whether graphql-js' channel `graphql:resolve` has a subscriber. */
export const areResolversTraced = (): boolean => shouldTrace(resolveChannel);

/** A resolver whose calls are published on `graphql:resolve`, as graphql-js does. */
export function traced(resolve: Resolver, isDefaultResolver: boolean): Resolver {
  const channel = resolveChannel;
  if (channel === undefined) return resolve;
  return (source, args, context, info) => {
    const call = {
      fieldName: info.fieldName,
      alias: String(info.path.key),
      parentType: info.parentType.name,
      fieldType: String(info.returnType),
      args,
      isDefaultResolver,
      get fieldPath() {
        return responsePathAsArray(info.path).join(".");
      },
    };
    return traceMixed(channel, call, () => resolve(source, args, context, info));
  };
}
