import { type DocumentNode, type GraphQLSchema, specifiedRules, type ValidationRule } from "graphql";
import type { Plugin } from "graphql-yoga";
import { withPlainRows } from "../execution/breadth-first/rows.ts";
import type { Operation } from "../execution/execute-operation.ts";
import { unexpectedError } from "../execution/execution-errors.ts";
import type { PipelineSteps } from "../pipeline/steps.ts";
import { type GraphQLRequest, type GraphQLRequestScope, scopeOf } from "../request/graphql-request.ts";
import type { GatewayServices } from "../services.ts";
import { type Answer, isStream, returnAtEnd } from "../streaming/payload.ts";

/** Where the engine finds its own part of the context that plugins share. */
export const engineKey = Symbol("engine");

export type EngineServices = Pick<GatewayServices, "documents" | "createContext">;

interface PluginContext {
  readonly [engineKey]: EngineServices & { readonly request: GraphQLRequest; readonly engine: PipelineSteps };
}

const ofSpecification: ReadonlySet<ValidationRule> = new Set(specifiedRules);

/**
 * The engine as a plugin: it gives Envelop the functions that the hooks of other plugins wrap, and puts the app's context
 * into the object that plugins share, which resolvers get. It comes before the app's plugins, as the option `context` of Yoga
 * does: they can read the app's context, and the app's context cannot read theirs.
 */
export function createEnginePlugin(): Plugin {
  return {
    onParse({ context, setParseFn }) {
      const { engine } = engineOf(context);
      setParseFn((source) => engine.parse(typeof source === "string" ? source : source.body).document);
    },
    onValidate({ context, setValidationFn }) {
      const { documents } = engineOf(context);
      setValidationFn((_schema: GraphQLSchema, document: DocumentNode, rules: readonly ValidationRule[] = []) =>
        documents.validate(
          documents.of(document),
          rules.filter((rule) => !ofSpecification.has(rule)),
        ),
      );
    },
    onContextBuilding({ context }) {
      const { request, createContext } = engineOf(context);
      try {
        addMembers(context, createContext(scopeOf(request)));
      } catch (error) {
        // Masked, whatever it is.
        throw unexpectedError(error);
      }
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(({ contextValue, ...operation }) => {
        const { engine, request } = engineOf(contextValue);
        const answer = engine.execute(
          { ...(operation as Operation), createContext: () => contextValue as object },
          request,
        );
        return answer instanceof Promise
          ? answer.then((value) => forPlugins(value, request))
          : forPlugins(answer, request);
      });
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(({ contextValue, ...operation }) => {
        const { engine, request, createContext } = engineOf(contextValue);
        const contexts = {
          createContext: () => contextValue as object,
          createEventContext: (scope: GraphQLRequestScope) =>
            addMembers(addMembers({}, contextValue as object), createContext(scope)),
        };
        return engine.subscribe({ ...(operation as Operation), ...contexts }, request);
      });
    },
  };
}

/** Plugins, caches above all, look for plain objects in results. One may drop a stream. */
function forPlugins(answer: Answer, { lifetime }: GraphQLRequest): Answer {
  if (isStream(answer)) returnAtEnd(answer[Symbol.asyncIterator](), lifetime);
  else withPlainRows(answer.data);
  return answer;
}

/**
 * Defines a property whose value is made when it is read. It can be assigned to: plugins extend the context with copies of
 * itself.
 */
export function defineGetter(target: object, name: string | symbol, get: () => unknown, enumerable = true): void {
  const set = (value: unknown): void => {
    Object.defineProperty(target, name, { value, writable: true, enumerable, configurable: true });
  };
  Object.defineProperty(target, name, { get, set, enumerable, configurable: true });
}

function engineOf(context: unknown): PluginContext[typeof engineKey] {
  const found = (context as PluginContext | undefined)?.[engineKey];
  if (found === undefined) {
    throw new TypeError(
      "A plugin replaced the context, or executed an operation itself by yoga.getEnveloped. It may only extend the context.",
    );
  }
  return found;
}

/**
 * Adds all members of an object, the getters and methods of its class too, which keep the object as their `this`: a class may
 * have private fields. Returns the target.
 */
function addMembers(target: object, source: object): object {
  const names = new Set<string | symbol>();
  for (let level = source; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Reflect.ownKeys(level)) {
      if (name === "constructor" || names.has(name)) continue;
      names.add(name);
      const { get, value, enumerable = false } = Object.getOwnPropertyDescriptor(level, name) ?? {};
      if (get) {
        defineGetter(target, name, get.bind(source), enumerable);
      } else {
        const isMethod = level !== source && typeof value === "function";
        const own: unknown = isMethod ? value.bind(source) : value;
        Object.defineProperty(target, name, { value: own, writable: true, enumerable, configurable: true });
      }
    }
  }
  return target;
}
