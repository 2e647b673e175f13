import { defaultFieldResolver, type ExecutionArgs, execute } from "graphql";
import type { Execute } from "./observe.ts";

/** Mutants of `execute`, with wrong arguments or a changed result: mistakes of a plan that is shared by executions. */
export const mutantWrappers: Readonly<Record<string, Execute>> = {
  "a promise for a result that is there at once": async (args) => execute(args),
  "a plan that keeps the variables it was made with": withFirst("variableValues"),
  "a plan that keeps the context it was made with": withFirst("contextValue"),
  "a plan that keeps the name of its operation": withFirst("operationName"),
  "a root value that is not passed on": (args) => execute({ ...args, rootValue: {} }),
  "default resolvers that ignore those given": ({ fieldResolver, typeResolver, ...args }) => execute(args),
  "suggestions that are hidden always": (args) => execute({ ...args, hideSuggestions: true }),
  "methods that are called without their object": (args) => execute({ ...args, fieldResolver: detached }),
  "an argument missing in `info.variableValues`": (args) => execute({ ...args, fieldResolver: withoutVariables }),
  "an `info` that cannot be copied": (args) => execute({ ...args, fieldResolver: withHiddenInfo }),
  "the arguments of one call, given to all": (args) => execute({ ...args, fieldResolver: withSharedArguments() }),
};

function withFirst(name: keyof ExecutionArgs): Execute {
  const kept = new WeakMap<object, unknown>();
  return (args) => {
    if (!kept.has(args.document)) kept.set(args.document, args[name]);
    return execute({ ...args, [name]: kept.get(args.document) });
  };
}

type Resolver = typeof defaultFieldResolver;

const detached: Resolver = (source, args, context, info) => {
  const property = typeof source === "object" && source !== null ? Reflect.get(source, info.fieldName) : undefined;
  if (typeof property !== "function") return defaultFieldResolver(source, args, context, info);
  const call: (...args: unknown[]) => unknown = property;
  return call(args, context, info);
};

const withoutVariables: Resolver = (source, args, context, info) =>
  defaultFieldResolver(source, args, context, { ...info, variableValues: { sources: {}, coerced: {} } });

const withHiddenInfo: Resolver = (source, args, context, info) =>
  defaultFieldResolver(source, args, context, Object.create(info));

function withSharedArguments(): Resolver {
  const shared = new Map<unknown, Record<string, unknown>>();
  return (source, args, context, info) => {
    const [node] = info.fieldNodes;
    const first = shared.get(node) ?? args;
    shared.set(node, first);
    return defaultFieldResolver(source, first, context, info);
  };
}
