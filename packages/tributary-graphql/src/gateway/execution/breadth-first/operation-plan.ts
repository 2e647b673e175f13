import {
  type DirectiveNode,
  type DocumentNode,
  defaultFieldResolver,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidatedExecutionArgs,
} from "graphql";
import { collectFields } from "graphql/execution/collectFields.js";
import { GraphQLDisableErrorPropagationDirective } from "graphql/type/directives.js";
import { LRUCache } from "lru-cache";
import { isIncremental } from "../incremental-directives.ts";
import { directivesOf } from "./directives-of.ts";
import { SelectionPlan } from "./selection-plan.ts";

/** An operation, analyzed once. Each request executes it. */
export interface OperationPlan {
  readonly kind: "plan";
  readonly selection: SelectionPlan;
  /** Whether the root fields are executed one after the other. */
  readonly isSerial: boolean;
}

/** An operation that graphql-js executes. */
export interface Fallback {
  readonly kind: "fallback";
  readonly reason: FallbackReason;
}

export type FallbackReason =
  | "incremental"
  | "fragment-arguments"
  | "no-error-propagation"
  | "faulty"
  | "hooks"
  | "traced";

/** One object per reason, so that no request allocates one. */
const fallbacks: Partial<Record<FallbackReason, Fallback>> = {};

export function fallbackFor(reason: FallbackReason): Fallback {
  fallbacks[reason] ??= { kind: "fallback", reason };
  return fallbacks[reason];
}

/** How many plans an operation may have: one per combination of the variables in its @skip and @include. */
const maxVariants = 16;

/** The plans of one operation. */
interface Variants {
  get(key: string): OperationPlan | undefined;
  set(key: string, plan: OperationPlan): unknown;
}

/** The facts about an operation that do not depend on variables. */
interface Analysis {
  readonly fallback: Fallback | undefined;
  /** The variables that decide which fields are included. */
  readonly conditions: readonly string[];
  readonly variants: Variants;
}

/** The plans of operations, cached for as long as their documents exist. */
export class OperationPlans {
  readonly #compileAfter: number | undefined;
  readonly #analyses = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Map<OperationDefinitionNode, Analysis>>>();

  /** @param compileAfter see `PlanOptions` */
  constructor(compileAfter: number | undefined) {
    this.#compileAfter = compileAfter;
  }

  planOf(args: ValidatedExecutionArgs): OperationPlan | Fallback {
    const { fallback, conditions, variants } = this.#analysisOf(args);
    if (fallback) return fallback;
    const key = variantKey(conditions, args);
    let plan = variants.get(key);
    if (plan === undefined) {
      try {
        plan = createPlan(args, this.#compileAfter);
      } catch {
        // The arguments of a directive are invalid: graphql-js reports that.
        return fallbackFor("faulty");
      }
      variants.set(key, plan);
    }
    return plan;
  }

  /** By the document too: two can have one operation and other fragments. */
  #analysisOf(args: ValidatedExecutionArgs): Analysis {
    let ofSchema = this.#analyses.get(args.schema);
    if (ofSchema === undefined) {
      ofSchema = new WeakMap();
      this.#analyses.set(args.schema, ofSchema);
    }
    let ofDocument = ofSchema.get(args.document);
    if (ofDocument === undefined) {
      ofDocument = new Map();
      ofSchema.set(args.document, ofDocument);
    }
    let analysis = ofDocument.get(args.operation);
    if (analysis === undefined) {
      analysis = analyze(args);
      ofDocument.set(args.operation, analysis);
    }
    return analysis;
  }
}

function analyze({ operation, fragments, fragmentDefinitions }: ValidatedExecutionArgs): Analysis {
  const directives = directivesOf(operation, Object.values(fragmentDefinitions));
  const conditions = new Set(directives.flatMap(conditionVariables));
  const reason: FallbackReason | undefined = Object.values(fragments).some((each) => each.variableSignatures)
    ? "fragment-arguments"
    : directives.some(isIncremental)
      ? "incremental"
      : directives.some(({ name }) => name.value === GraphQLDisableErrorPropagationDirective.name)
        ? "no-error-propagation"
        : undefined;
  // Most operations have one plan, which needs no bounded cache.
  const variants: Variants = conditions.size === 0 ? new Map() : new LRUCache({ max: maxVariants });
  return { fallback: reason && fallbackFor(reason), conditions: [...conditions], variants };
}

function conditionVariables({ name, arguments: given = [] }: DirectiveNode): string[] {
  if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return [];
  return given.flatMap(({ value }) => (value.kind === Kind.VARIABLE ? [value.name.value] : []));
}

/** The values of the variables that decide about fields, and whether fields without a resolver are read as properties. */
function variantKey(conditions: readonly string[], { variableValues, fieldResolver }: ValidatedExecutionArgs): string {
  let key = fieldResolver === defaultFieldResolver ? "" : "own resolver ";
  for (const name of conditions) key += `${variableValues.coerced[name]} `;
  return key;
}

/** @throws GraphQLError for a directive with invalid arguments */
function createPlan(args: ValidatedExecutionArgs, compileAfter: number | undefined): OperationPlan {
  const { schema, operation, fragments, variableValues, hideSuggestions, fieldResolver } = args;
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new Error(`The schema has no ${operation.operation}.`);
  const { groupedFieldSet } = collectFields(
    schema,
    fragments,
    variableValues,
    rootType,
    operation.selectionSet,
    hideSuggestions,
  );
  const options = { readsProperties: fieldResolver === defaultFieldResolver, compileAfter };
  const isSerial = operation.operation === OperationTypeNode.MUTATION;
  return { kind: "plan", isSerial, selection: new SelectionPlan(schema, rootType, groupedFieldSet, options, isSerial) };
}
