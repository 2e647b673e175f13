import { GraphQLError, type GraphQLResolveInfo, isLeafType, isListType, isNonNullType, locatedError } from "graphql";
import { ExecutorThrowingOnIncremental as Executor } from "graphql/execution/ExecutorThrowingOnIncremental.js";

type Of<Method extends keyof Executor> = Executor[Method] extends (...args: infer Args) => unknown ? Args : never;

/**
 * Mutants of graphql-js: each has one mistake that is likely in a breadth-first executor, which has another order, works per level
 * instead of per object, and takes short cuts.
 */
export const mutantExecutors: Readonly<Record<string, typeof Executor>> = {
  "keys in the order in which their values arrive": class extends Executor {
    override executeFields(...args: Of<"executeFields">) {
      const [parentType, source, path, fields, context] = args;
      const results: Record<string, unknown> = Object.create(null);
      const waiting: Promise<void>[] = [];
      for (const [key, details] of fields) {
        const fieldPath = { prev: path, key, typename: parentType.name };
        const result = this.executeField(parentType, source, details, fieldPath, context, undefined);
        const keep = (value: unknown): void => {
          results[key] = value;
        };
        if (result instanceof Promise) waiting.push(result.then(keep));
        else if (result !== undefined) keep(result);
      }
      return waiting.length > 0 ? Promise.all(waiting).then(() => results) : results;
    }
  },
  "objects with a prototype": class extends Executor {
    override executeFields(...args: Of<"executeFields">) {
      const fields = super.executeFields(...args);
      return fields instanceof Promise ? fields : { ...fields };
    }
  },
  "a root mutation's fields executed concurrently": class extends Executor {
    override executeFieldsSerially(...args: Of<"executeFieldsSerially">) {
      return this.executeFields(...args);
    }
  },
  "a root mutation that continues after its end": class extends Executor {
    override executeFieldsSerially(...args: Of<"executeFieldsSerially">) {
      const [type, source, path, fields, context] = args;
      try {
        return super.executeFieldsSerially(...args);
      } catch (error) {
        const [key, details] = [...fields].at(-1) ?? [];
        if (key !== undefined && details && fields.size > 1) {
          try {
            this.executeField(type, source, details, { prev: path, key, typename: type.name }, context, undefined);
          } catch {
            throw error;
          }
        }
        throw error;
      }
    }
  },
  "merged fields of which `info` has the first node only": class extends Executor {
    override executeField(...args: Of<"executeField">) {
      const [type, source, details, ...rest] = args;
      const hasChildren = details.some(({ node }) => node.selectionSet);
      return super.executeField(type, source, hasChildren ? details : details.slice(0, 1), ...rest);
    }
  },
  "a resolver that is called again for a list's items": class extends Executor {
    override executeField(...args: Of<"executeField">) {
      const [type, source, details, path, context] = args;
      if (typeof path.prev?.key === "number" && !this.#again.has(path)) {
        this.#again.add(path);
        try {
          void Promise.resolve(super.executeField(type, source, details, path, context, undefined)).catch(
            () => undefined,
          );
        } catch {
          // Only the call was wanted.
        }
      }
      return super.executeField(...args);
    }
    readonly #again = new WeakSet<object>();
  },
  "fields of sources that are no objects, not resolved": class extends Executor {
    override executeField(...args: Of<"executeField">) {
      const [type, source, details] = args;
      const isNull =
        typeof source !== "object" && typeof source !== "function" && details[0]?.node.name.value !== "__typename";
      return isNull && !isNonNullType(type.getFields()[details[0]?.node.name.value ?? ""]?.type)
        ? null
        : super.executeField(...args);
    }
  },
  "one `info` for the items of a list": class extends Executor {
    readonly #paths = new Map<string, Of<"executeField">[3]>();
    override executeField(...args: Of<"executeField">) {
      const [type, source, details, path, ...rest] = args;
      if (typeof path.prev?.key !== "number") return super.executeField(...args);
      const keys = `${keysOf(path.prev.prev)}.${path.key}`;
      const first = this.#paths.get(keys) ?? path;
      this.#paths.set(keys, first);
      return super.executeField(type, source, details, first, ...rest);
    }
  },
  "an error's path with texts for indices": class extends Executor {
    override handleFieldError(...args: Of<"handleFieldError">) {
      const [error, type, details, path] = args;
      super.handleFieldError(
        error,
        type,
        details,
        typeof path.key === "number" ? { ...path, key: `${path.key}` } : path,
      );
    }
  },
  "an error that names the first node only": class extends Executor {
    override handleFieldError(...args: Of<"handleFieldError">) {
      const [error, type, details, path] = args;
      super.handleFieldError(error, type, details.slice(0, 1), path);
    }
  },
  "an error without its original": class extends Executor {
    override handleFieldError(...args: Of<"handleFieldError">) {
      const [error, type, details, path] = args;
      const isPlain = error instanceof Error && !(error instanceof GraphQLError);
      super.handleFieldError(isPlain ? new Error(error.message) : error, type, details, path);
    }
  },
  "an error in a list's item that is dropped": class extends Executor {
    override handleFieldError(...args: Of<"handleFieldError">) {
      const [, type, , path] = args;
      if (typeof path.key !== "number" || isNonNullType(type)) super.handleFieldError(...args);
    }
  },
  "two errors for one position": class extends Executor {
    override handleFieldError(...args: Of<"handleFieldError">) {
      const [error, type, details, path] = args;
      super.handleFieldError(...args);
      if (!isNonNullType(type))
        this.collectedErrors.add(
          locatedError(
            error,
            details.map(({ node }) => node),
            keysOf(path),
          ),
          { ...path },
        );
    }
  },
  "errors from the last to the first": class extends Executor {
    override buildResponse(...args: Of<"buildResponse">) {
      const response = super.buildResponse(...args);
      return response.errors ? { ...response, errors: response.errors.toReversed() } : response;
    }
  },
  "data before errors": class extends Executor {
    override buildResponse(...args: Of<"buildResponse">) {
      const { data, errors } = super.buildResponse(...args);
      return errors ? { data, errors } : { data };
    }
  },
  "null that stops at a list of non-null items": class extends Executor {
    override completeListItemValue(...args: Of<"completeListItemValue">) {
      const [item, results, type, details, info, path, context] = args;
      const isNull = isNonNullType(type) && item === null;
      return super.completeListItemValue(item, results, isNull ? type.ofType : type, details, info, path, context);
    }
  },
  "texts that are not completed by their scalar": class extends Executor {
    override completeLeafValue(...args: Of<"completeLeafValue">) {
      return typeof args[1] === "string" ? args[1] : super.completeLeafValue(...args);
    }
  },
  "numbers that lose their sign at zero": class extends Executor {
    override completeLeafValue(...args: Of<"completeLeafValue">) {
      const completed = super.completeLeafValue(...args);
      return Object.is(completed, -0) ? 0 : completed;
    }
  },
  "undefined from a scalar that is taken for null": class extends Executor {
    override completeLeafValue(...args: Of<"completeLeafValue">) {
      const [type, value] = args;
      const completed = type.coerceOutputValue(value);
      return completed === undefined ? null : super.completeLeafValue(...args);
    }
  },
  "lists that must be arrays": class extends Executor {
    override completeListValue(...args: Of<"completeListValue">) {
      if (args[4] instanceof Set) throw new GraphQLError("Expected Iterable");
      return super.completeListValue(...args);
    }
  },
  "an asynchronous list without its last item": class extends Executor {
    override async completeAsyncIterableValue(...args: Of<"completeAsyncIterableValue">) {
      return (await super.completeAsyncIterableValue(...args)).slice(0, -1);
    }
  },
  "lists within lists made flat": class extends Executor {
    override completeListValue(...args: Of<"completeListValue">) {
      const completed = super.completeListValue(...args);
      return isListType(args[0].ofType) && !(completed instanceof Promise) ? completed.flat() : completed;
    }
  },
  "a type that is not checked by isTypeOf": class extends Executor {
    override completeObjectValue(...args: Of<"completeObjectValue">) {
      const [type, details, , path, result, context] = args;
      return this.collectAndExecuteSubfields(type, details, path, result, context);
    }
  },
  "a runtime type that need not be possible": class extends Executor {
    override ensureValidRuntimeType(...args: Of<"ensureValidRuntimeType">) {
      const type = typeof args[0] === "string" ? args[1].getType(args[0]) : undefined;
      return type && "isTypeOf" in type ? type : super.ensureValidRuntimeType(...args);
    }
  },
  "a property that is read twice": class extends Executor {
    override executeField(...args: Of<"executeField">) {
      const [type, source, details] = args;
      const name = details[0]?.node.name.value ?? "";
      const field = type.getFields()[name];
      if (field && !field.resolve && isLeafType(field.type)) void Reflect.get(Object(source), name);
      return super.executeField(...args);
    }
  },
  "a promise whose `then` is called twice": class extends Executor {
    override async completePromisedValue(...args: Of<"completePromisedValue">) {
      args[4].then(undefined, () => undefined);
      return super.completePromisedValue(...args);
    }
  },
};

function keysOf(path: GraphQLResolveInfo["path"] | undefined): (string | number)[] {
  return path ? [...keysOf(path.prev), path.key] : [];
}
