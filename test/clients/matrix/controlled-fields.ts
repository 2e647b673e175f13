import { defaultFieldResolver, type GraphQLFieldResolver, GraphQLObjectType } from "graphql";
import { afterAll, beforeAll } from "vitest";
import type { Context } from "../../../resolvers/context.ts";
import { schema } from "../../../schema/index.ts";
import type { Fault } from "./cases.ts";

/** Fields of Atlas that a test can delay, and two that it can make fail. */
export interface ControlledFields {
  /** Delays the fields. */
  pause(): void;
  /** Resumes delayed and further fields. Idempotent. */
  resume(): void;
  /** Sets the failing field, or none. */
  setFault(fault: Fault | undefined): void;
}

/** Part of the error message that must be masked. */
export const secret = "password=hunter2";

type Resolver = GraphQLFieldResolver<unknown, Context>;

/** Wraps resolvers of the schema for the tests of a file. */
export function useControlledFields(): ControlledFields {
  let gate = Promise.withResolvers<void>();
  let fault: Fault | undefined;
  const slow =
    (own: Fault | undefined, resolve: Resolver): Resolver =>
    async (...args) => {
      await gate.promise;
      if (own !== undefined && own === fault) throw new Error(`The source failed: ${secret}`);
      return resolve(...args);
    };
  // Not the first item of a list, because `initialCount` is 1.
  const slowButFirst =
    (resolve: Resolver): Resolver =>
    async (...args) => {
      const { path } = args[3];
      if (path.prev?.key !== 0) await gate.promise;
      return resolve(...args);
    };
  const unwraps: (() => void)[] = [];
  beforeAll(() => {
    unwraps.push(
      wrap("City", "sun", (resolve) => slow("sun", resolve)),
      wrap("City", "timeZone", (resolve) => slow("time zone", resolve)),
      wrap("Country", "officialName", slowButFirst),
    );
  });
  afterAll(() => {
    for (const unwrap of unwraps) unwrap();
  });
  return {
    pause: () => {
      gate = Promise.withResolvers();
    },
    resume: () => gate.resolve(),
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
