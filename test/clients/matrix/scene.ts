import { defaultFieldResolver, type GraphQLFieldResolver, GraphQLObjectType } from "graphql";
import { afterAll, beforeAll } from "vitest";
import type { Context } from "../../../resolvers/context.ts";
import { schema } from "../../../schema/index.ts";
import type { Fault } from "./cases.ts";

/** Atlas' slow fields in the hands of a test, and two of them that can be made to fail. */
export interface Scene {
  /** From now on the slow fields wait. */
  hold(): void;
  /** Lets the slow fields go on, also those that are yet to be asked for. */
  release(): void;
  /** The field that fails from now on, if any. */
  setFault(fault: Fault | undefined): void;
}

/** What no client may ever see. */
export const secret = "password=hunter2";

type Resolver = GraphQLFieldResolver<unknown, Context>;

/** Puts gates into the graph of this test file's process, and takes them out in the end. */
export function useScene(): Scene {
  let gate = Promise.withResolvers<void>();
  let fault: Fault | undefined;
  const slow =
    (own: Fault | undefined, resolve: Resolver): Resolver =>
    async (...args) => {
      await gate.promise;
      if (own !== undefined && own === fault) throw new Error(`The source failed: ${secret}`);
      return resolve(...args);
    };
  // The first item of a list is to be had at once, as @stream promises it.
  const slowButFirst =
    (resolve: Resolver): Resolver =>
    async (...args) => {
      const { path } = args[3];
      if (path.prev?.key !== 0) await gate.promise;
      return resolve(...args);
    };
  const restore: (() => void)[] = [];
  beforeAll(() => {
    restore.push(
      wrap("City", "sun", (resolve) => slow("sun", resolve)),
      wrap("City", "timeZone", (resolve) => slow("time zone", resolve)),
      wrap("Country", "officialName", slowButFirst),
    );
  });
  afterAll(() => {
    for (const undo of restore) undo();
  });
  return {
    hold: () => {
      gate = Promise.withResolvers();
    },
    release: () => gate.resolve(),
    setFault: (next) => {
      fault = next;
    },
  };
}

function wrap(typeName: string, fieldName: string, wrapper: (resolve: Resolver) => Resolver): () => void {
  const type = schema.getType(typeName);
  const field = type instanceof GraphQLObjectType ? type.getFields()[fieldName] : undefined;
  if (field === undefined) throw new Error(`Atlas has no field ${typeName}.${fieldName}.`);
  const { resolve } = field;
  field.resolve = wrapper(resolve ?? defaultFieldResolver);
  return () => {
    field.resolve = resolve;
  };
}
