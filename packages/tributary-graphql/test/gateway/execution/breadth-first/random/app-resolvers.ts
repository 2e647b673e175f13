import type { GraphQLFieldResolver, GraphQLIsTypeOfFn, GraphQLResolveInfo, GraphQLTypeResolver } from "graphql";

/** The functions behind the resolvers of a random schema. They are called on the context of an execution. */
export interface AppResolvers {
  resolveField(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown;
  resolveType(value: unknown, info: GraphQLResolveInfo, abstractType: string): never;
  isTypeOf(value: unknown, info: GraphQLResolveInfo, typeName: string): never;
}

export type Arguments = Record<string, unknown>;

export const resolveByApp: GraphQLFieldResolver<unknown, AppResolvers, Arguments> = (source, args, app, info) =>
  app.resolveField(source, args, info);

export const resolveTypeByApp: GraphQLTypeResolver<unknown, AppResolvers> = (value, app, info, abstractType) =>
  app.resolveType(value, info, abstractType.name);

export const isTypeOfByApp =
  (typeName: string): GraphQLIsTypeOfFn<unknown, AppResolvers> =>
  (value, app, info) =>
    app.isTypeOf(value, info, typeName);
