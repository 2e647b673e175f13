import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
} from "graphql";
import type { ExecutionChoices, Scenario } from "./choices.ts";
import { FakeApp } from "./fake-app.ts";
import { completions } from "./leaf-types.ts";
import { makeSchema } from "./make-schema.ts";
import { rejections } from "./rejections.ts";
import { variableValues } from "./variable-values.ts";
import { type WrittenDocument, writeDocument } from "./write-document.ts";

export type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** A scenario with its schema and document, which all executions share. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  readonly schema: GraphQLSchema;
  readonly written: WrittenDocument;
  readonly document: DocumentNode;
  /** The same document without error propagation: its errors are all that are possible. */
  readonly unpropagated: DocumentNode;
}

/** The result and the effects of an execution. */
export interface Observation {
  readonly app: FakeApp;
  readonly isPromise: boolean;
  readonly result: ExecutionResult | undefined;
  /** The error that `execute` threw or rejected with. */
  readonly failure: { readonly error: unknown } | undefined;
  readonly completions: ReadonlyMap<string, number>;
  /** Unhandled rejections. */
  readonly unhandled: readonly unknown[];
}

export function prepareScenario(scenario: Scenario): PreparedScenario {
  const schema = makeSchema(scenario.schema);
  const written = writeDocument(schema, scenario.document);
  const document = parse(written.text);
  return { scenario, schema, written, document, unpropagated: unpropagated(document) };
}

export interface ObserveOptions {
  readonly latencySeed?: number;
  readonly isUnpropagated?: boolean;
}

/** Executes one run with a new app. */
export async function observe(
  execute: Execute,
  prepared: PreparedScenario,
  run: ExecutionChoices,
  { latencySeed = prepared.scenario.latencySeed, isUnpropagated = false }: ObserveOptions = {},
): Promise<Observation> {
  const { scenario } = prepared;
  const { app, args } = argumentsOf(prepared, run, latencySeed);
  completions.clear();
  const outcome = await outcomeOf(
    execute,
    isUnpropagated ? { ...args, ...app.recordedResolvers, document: prepared.unpropagated } : args,
    app,
  );
  if (scenario.behaviour.isAsync) await app.idle();
  return { app, ...outcome, completions: new Map(completions), unhandled: rejections.take() };
}

/** The arguments of an execution, with a new app. */
export function argumentsOf(
  prepared: PreparedScenario,
  run: ExecutionChoices,
  latencySeed = prepared.scenario.latencySeed,
) {
  const { schema, document, scenario } = prepared;
  const app = new FakeApp({ schema, document }, rootTypeOf(prepared, run), scenario.behaviour, latencySeed);
  const args: ExecutionArgs = {
    schema,
    document,
    rootValue: app.rootValue,
    contextValue: app,
    variableValues: variablesOf(prepared, run),
    operationName: nameOf(prepared, run),
    hideSuggestions: run.hidesSuggestions,
    ...(run.hasOwnResolvers && app.recordedResolvers),
  };
  return { app, args };
}

type Outcome = Pick<Observation, "isPromise" | "result" | "failure">;

async function outcomeOf(execute: Execute, args: ExecutionArgs, app: FakeApp): Promise<Outcome> {
  let isPromise = false;
  try {
    const answer = execute(args);
    isPromise = answer instanceof Promise;
    // Once nothing is under way any more, an answer that has not come never will.
    const never = isPromise ? app.idle().then(() => Promise.reject(new Error("never answers"))) : answer;
    return { isPromise, result: await Promise.race([answer, never]), failure: undefined };
  } catch (error) {
    return { isPromise, result: undefined, failure: { error } };
  }
}

/** The operation that a run is about, by its index; -1 when its name picks none. */
export function operationOf({ written }: PreparedScenario, { operation }: ExecutionChoices): number {
  if (operation < 9) return operation % written.operationNames.length;
  return operation === 10 || written.operationNames.length > 1 ? -1 : 0;
}

function nameOf(prepared: PreparedScenario, run: ExecutionChoices): string | null | undefined {
  if (run.operation === 9) return undefined;
  if (run.operation === 10) return "Unknown";
  if (run.operation === 11) return null;
  return prepared.written.operationNames[operationOf(prepared, run)];
}

function variablesOf(prepared: PreparedScenario, run: ExecutionChoices) {
  const variables = prepared.written.variables[operationOf(prepared, run)] ?? [];
  return variables.length === 0 && run.variablesSeed % 2 === 0
    ? undefined
    : variableValues(variables, run.variablesSeed, run.invalidPercent);
}

function rootTypeOf(prepared: PreparedScenario, run: ExecutionChoices) {
  const kind = prepared.scenario.document.operations[operationOf(prepared, run)]?.kind;
  const type = prepared.schema.getRootType((kind ?? OperationTypeNode.QUERY) as OperationTypeNode);
  if (!type) throw new TypeError(`Expected a schema with a type for ${kind}.`);
  return type;
}

function unpropagated(document: DocumentNode): DocumentNode {
  const [directive] = parseDirective();
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? { ...definition, directives: [...(definition.directives ?? []), ...(directive ? [directive] : [])] }
        : definition,
    ),
  };
}

function parseDirective() {
  const [definition] = parse("query @experimental_disableErrorPropagation { a }").definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? (definition.directives ?? []) : [];
}
