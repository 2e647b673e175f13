import type { GraphQLFieldResolver, GraphQLIsTypeOfFn, GraphQLResolveInfo, GraphQLTypeResolver } from "graphql";

/** What the resolvers of a random schema ask: every answer is the world's, which is the context of an execution. */
export interface WorldAccess {
  resolveField(source: unknown, args: Arguments, info: GraphQLResolveInfo): unknown;
  resolveType(value: unknown, info: GraphQLResolveInfo, abstractType: string): never;
  isTypeOf(value: unknown, info: GraphQLResolveInfo, typeName: string): never;
}

export type Arguments = Record<string, unknown>;

export const resolveByWorld: GraphQLFieldResolver<unknown, WorldAccess, Arguments> = (source, args, world, info) =>
  world.resolveField(source, args, info);

export const resolveTypeByWorld: GraphQLTypeResolver<unknown, WorldAccess> = (value, world, info, abstractType) =>
  world.resolveType(value, info, abstractType.name);

export const isTypeOfByWorld =
  (typeName: string): GraphQLIsTypeOfFn<unknown, WorldAccess> =>
  (value, world, info) =>
    world.isTypeOf(value, info, typeName);
