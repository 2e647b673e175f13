import { type DocumentNode, GraphQLError, type GraphQLSchema, specifiedRules, type ValidationRule } from "graphql";
import type { Plugin } from "graphql-yoga";
import { asError } from "../../core/thrown-values.ts";
import type { Operation } from "../execution/execute-operation.ts";
import type { PipelineSteps } from "../pipeline/steps.ts";
import { type GraphQLRequest, type GraphQLRequestScope, scopeOf } from "../request/graphql-request.ts";
import type { GatewayServices } from "../services.ts";

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
        // As the cause of another error it is masked, whatever it is.
        throw new GraphQLError(asError(error).message, { originalError: asError(error) });
      }
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(({ contextValue, ...operation }) => {
        const { engine, request } = engineOf(contextValue);
        return engine.execute({ ...(operation as Operation), createContext: () => contextValue as object }, request);
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

function engineOf(context: unknown): PluginContext[typeof engineKey] {
  const found = (context as PluginContext | undefined)?.[engineKey];
  if (found === undefined) {
    throw new TypeError("A plugin replaced the context. Extend it: plugins and the engine find their members in it.");
  }
  return found;
}

/**
 * Adds all members of an object, the getters and methods of its class too: they then see the target as `this`. Returns the
 * target.
 */
function addMembers(target: object, source: object): object {
  for (let level: object | null = source; level !== null && level !== Object.prototype; ) {
    const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(level) as PropertyDescriptorMap;
    for (const [name, descriptor] of Object.entries(members)) {
      if (level === source || !Object.hasOwn(target, name))
        Object.defineProperty(target, name, { ...descriptor, configurable: true });
    }
    level = Object.getPrototypeOf(level) as object | null;
  }
  return target;
}
