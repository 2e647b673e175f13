import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
} from "graphql";
import type { RunChoices, Situation } from "./choices.ts";
import { completions } from "./leaf-types.ts";
import { makeSchema } from "./make-schema.ts";
import { rejections } from "./rejections.ts";
import { variableValues } from "./variable-values.ts";
import { World } from "./world.ts";
import { type WrittenDocument, writeDocument } from "./write-document.ts";

export type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** A situation's schema and document, made once: all executions of it share them. */
export interface Stage {
  readonly situation: Situation;
  readonly schema: GraphQLSchema;
  readonly written: WrittenDocument;
  readonly document: DocumentNode;
  /** The same, with every error kept where it is: what else could have failed. */
  readonly unpropagated: DocumentNode;
}

/** What an execution did. */
export interface Observation {
  readonly world: World;
  readonly isPromise: boolean;
  readonly result: ExecutionResult | undefined;
  /** What `execute` threw or rejected with. */
  readonly failure: { readonly error: unknown } | undefined;
  readonly completions: ReadonlyMap<string, number>;
  /** Rejections that nobody listened to, where someone notes them. */
  readonly unheard: readonly unknown[];
}

export function setStage(situation: Situation): Stage {
  const schema = makeSchema(situation.schema);
  const written = writeDocument(schema, situation.document);
  const document = parse(written.text);
  return { situation, schema, written, document, unpropagated: unpropagated(document) };
}

export interface ObserveOptions {
  readonly latencySeed?: number;
  readonly isUnpropagated?: boolean;
}

/** Executes one run in a new world. */
export async function observe(
  execute: Execute,
  stage: Stage,
  run: RunChoices,
  { latencySeed = stage.situation.latencySeed, isUnpropagated = false }: ObserveOptions = {},
): Promise<Observation> {
  const { situation } = stage;
  const { world, args } = argumentsOf(stage, run, latencySeed);
  completions.clear();
  const outcome = await outcomeOf(
    execute,
    isUnpropagated ? { ...args, ...world.recordedResolvers, document: stage.unpropagated } : args,
    world,
  );
  if (situation.behaviour.isAsync) await world.quiet();
  return { world, ...outcome, completions: new Map(completions), unheard: rejections.take() };
}

/** What an execution of a run is given, with a new world. */
export function argumentsOf(stage: Stage, run: RunChoices, latencySeed = stage.situation.latencySeed) {
  const { schema, document, situation } = stage;
  const world = new World({ schema, document }, rootTypeOf(stage, run), situation.behaviour, latencySeed);
  const args: ExecutionArgs = {
    schema,
    document,
    rootValue: world.rootValue,
    contextValue: world,
    variableValues: variablesOf(stage, run),
    operationName: nameOf(stage, run),
    hideSuggestions: run.hidesSuggestions,
    ...(run.hasOwnResolvers && world.recordedResolvers),
  };
  return { world, args };
}

type Outcome = Pick<Observation, "isPromise" | "result" | "failure">;

async function outcomeOf(execute: Execute, args: ExecutionArgs, world: World): Promise<Outcome> {
  let isPromise = false;
  try {
    const answer = execute(args);
    isPromise = answer instanceof Promise;
    // Once nothing is under way any more, an answer that has not come never will.
    const never = isPromise ? world.quiet().then(() => Promise.reject(new Error("never answers"))) : answer;
    return { isPromise, result: await Promise.race([answer, never]), failure: undefined };
  } catch (error) {
    return { isPromise, result: undefined, failure: { error } };
  }
}

/** The operation that a run is about, by its index; -1 when its name picks none. */
export function operationOf({ written }: Stage, { operation }: RunChoices): number {
  if (operation < 9) return operation % written.operationNames.length;
  return operation === 10 || written.operationNames.length > 1 ? -1 : 0;
}

function nameOf(stage: Stage, run: RunChoices): string | null | undefined {
  if (run.operation === 9) return undefined;
  if (run.operation === 10) return "Unknown";
  if (run.operation === 11) return null;
  return stage.written.operationNames[operationOf(stage, run)];
}

function variablesOf(stage: Stage, run: RunChoices) {
  const variables = stage.written.variables[operationOf(stage, run)] ?? [];
  return variables.length === 0 && run.variablesSeed % 2 === 0
    ? undefined
    : variableValues(variables, run.variablesSeed, run.invalidPercent);
}

function rootTypeOf(stage: Stage, run: RunChoices) {
  const kind = stage.situation.document.operations[operationOf(stage, run)]?.kind;
  const type = stage.schema.getRootType((kind ?? OperationTypeNode.QUERY) as OperationTypeNode);
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
