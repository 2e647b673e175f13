import {
  type DirectiveNode,
  type DocumentNode,
  defaultFieldResolver,
  GraphQLDeferDirective,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  GraphQLStreamDirective,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidatedExecutionArgs,
} from "graphql";
import { collectFields } from "graphql/execution/collectFields.js";
import { GraphQLDisableErrorPropagationDirective } from "graphql/type/directives.js";
import { LRUCache } from "lru-cache";
import { directivesOf } from "./directives-of.ts";
import { SelectionPlan } from "./selection-plan.ts";

/** An operation, read once: what is left to do for each request is to run it. */
export interface OperationPlan {
  readonly selection: SelectionPlan;
  /** Whether the root's fields are run one after the other. */
  readonly isSerial: boolean;
}

/** Why an operation is executed by graphql-js. */
export type HandOverReason = "incremental" | "fragment-arguments" | "no-error-propagation" | "faulty";

/** How many plans an operation may have: one for each combination of the variables in its @skip and @include. */
const maxVariants = 16;

/** The plans of one operation. */
interface Variants {
  get(key: string): OperationPlan | undefined;
  set(key: string, plan: OperationPlan): unknown;
}

/** What of an operation needs no variables to be known. */
interface Survey {
  readonly handOver: HandOverReason | undefined;
  /** The variables that say which fields are there. */
  readonly conditions: readonly string[];
  readonly variants: Variants;
}

/** The plans of operations, kept for as long as their documents are. */
export class OperationPlans {
  readonly #compileAfter: number | undefined;
  readonly #surveys = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Map<OperationDefinitionNode, Survey>>>();

  /** @param compileAfter see `PlanOptions` */
  constructor(compileAfter: number | undefined) {
    this.#compileAfter = compileAfter;
  }

  planOf(args: ValidatedExecutionArgs): OperationPlan | HandOverReason {
    const { handOver, conditions, variants } = this.#surveyOf(args);
    if (handOver) return handOver;
    const key = variantKey(conditions, args);
    let plan = variants.get(key);
    if (plan === undefined) {
      try {
        plan = createPlan(args, this.#compileAfter);
      } catch {
        // The arguments of its directives make no sense: what to say of that is graphql-js' to know.
        return "faulty";
      }
      variants.set(key, plan);
    }
    return plan;
  }

  /** By the document too: two can have one operation and other fragments. */
  #surveyOf(args: ValidatedExecutionArgs): Survey {
    let ofSchema = this.#surveys.get(args.schema);
    if (ofSchema === undefined) {
      ofSchema = new WeakMap();
      this.#surveys.set(args.schema, ofSchema);
    }
    let ofDocument = ofSchema.get(args.document);
    if (ofDocument === undefined) {
      ofDocument = new Map();
      ofSchema.set(args.document, ofDocument);
    }
    let survey = ofDocument.get(args.operation);
    if (survey === undefined) {
      survey = takeSurvey(args);
      ofDocument.set(args.operation, survey);
    }
    return survey;
  }
}

function takeSurvey({ operation, fragments, fragmentDefinitions }: ValidatedExecutionArgs): Survey {
  const names = new Set<string>();
  const conditions = new Set<string>();
  for (const directive of directivesOf(operation, Object.values(fragmentDefinitions))) {
    names.add(directive.name.value);
    for (const variable of conditionVariables(directive)) conditions.add(variable);
  }
  const has = ({ name }: { readonly name: string }): boolean => names.has(name);
  const handOver = Object.values(fragments).some(({ variableSignatures }) => variableSignatures)
    ? "fragment-arguments"
    : has(GraphQLDeferDirective) || has(GraphQLStreamDirective)
      ? "incremental"
      : has(GraphQLDisableErrorPropagationDirective)
        ? "no-error-propagation"
        : undefined;
  // Most operations have one plan, which needs no cache of a size.
  const variants: Variants = conditions.size === 0 ? new Map() : new LRUCache({ max: maxVariants });
  return { handOver, conditions: [...conditions], variants };
}

function conditionVariables({ name, arguments: given = [] }: DirectiveNode): string[] {
  if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return [];
  return given.flatMap(({ value }) => (value.kind === Kind.VARIABLE ? [value.name.value] : []));
}

/** The variables as far as the fields depend on them, and whether those without a resolver are read from properties. */
function variantKey(conditions: readonly string[], { variableValues, fieldResolver }: ValidatedExecutionArgs): string {
  let key = fieldResolver === defaultFieldResolver ? "" : "own resolver ";
  for (const name of conditions) key += `${variableValues.coerced[name]} `;
  return key;
}

/** @throws GraphQLError for directives whose arguments make no sense */
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
  return { isSerial, selection: new SelectionPlan(schema, rootType, groupedFieldSet, options, isSerial) };
}
