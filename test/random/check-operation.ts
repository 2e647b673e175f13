import { isDeepStrictEqual } from "node:util";
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from "graphql";
import { CallLog } from "tributary-graphql";
import { schema } from "../../schema/index.ts";
import { allowedCalls } from "./allowed-calls.ts";
import type { OperationChoices } from "./choices.ts";
import type { Document } from "./collect-fields.ts";
import {
  assertAnnounced,
  assertCalls,
  assertData,
  assertErrors,
  assertLabelled,
  assertSameWords,
  WrongAnswer,
} from "./compare.ts";
import { type Expected, expectedOf } from "./expected.ts";
import { createFakeSources, type FakeWorld } from "./fake-sources.ts";
import { fullAnswer } from "./full-answer.ts";
import { nullableSchema } from "./nullable-schema.ts";
import { type Format, formats, type PlainAnswer, type RandomGateway } from "./random-gateway.ts";
import { IllegalStream, type Merged } from "./responses.ts";
import { type Operation, writeOperation } from "./write-operation.ts";

const allNullable = nullableSchema(schema);

/** What came of one operation, for what a run as a whole must have met. */
export interface Checked {
  readonly parts: number;
  readonly failures: number;
  readonly errors: number;
}

/**
 * Asks one operation plainly and in both formats, and compares the three with each other and with what they must be.
 *
 * @param isEven whether every call takes the same time: only then do levels start at once, and can batches be counted
 * @throws WrongAnswer or IllegalStream; the message ends with what came
 */
export async function checkOperation(
  gateway: RandomGateway,
  choices: OperationChoices,
  world: FakeWorld,
  isEven: boolean,
): Promise<Checked> {
  gateway.enter(world);
  const operation = writeOperation(schema, choices, { isIncremental: true });
  const parsed = parse(operation.query);
  const document = documentOf(parsed, operation);
  const definition = operationOf(parsed);
  const full = await fullAnswer(allNullable, parsed, operation.variables, {
    sources: createFakeSources(world, new CallLog()),
  });
  const plain = await gateway.askPlain(writeOperation(schema, choices, { isIncremental: false }));
  const plainExpected = expectedOf({ ...document, isIncremental: false }, definition, full);
  assertData("without directives", plain.data, plainExpected.data);
  assertErrors("without directives", plain.errors, plainExpected);
  assertSameAnswer(await gateway.askPlain(operation), plain);

  const expected = expectedOf(document, definition, full);
  // An error that takes more than its own field with it ends the plain execution there, calls and all.
  const canCount = isEven && plainExpected.blamedErrors.length === 0;
  const allowed = canCount ? allowedCalls(document, definition) : undefined;
  const results: Merged[] = [];
  for (const format of ["v0.2", "2022"] as const) {
    const { payloads, calls } = await gateway.askStream(operation, format);
    const sent = JSON.stringify(payloads);
    try {
      const merged = formats[format].merge(payloads);
      assertMerged(format, merged, expected, plain);
      if (allowed) assertCalls(format, calls, plain.calls, allowed);
      results.push(merged);
    } catch (error) {
      if (!(error instanceof WrongAnswer || error instanceof IllegalStream)) throw error;
      throw new WrongAnswer(`${format}: ${error.message}\npayloads ${sent}`, { cause: error });
    }
  }
  const [first] = results;
  return { parts: first?.parts.length ?? 0, failures: first?.failures ?? 0, errors: first?.errors.length ?? 0 };
}

function assertMerged(format: Format, merged: Merged, expected: Expected, plain: PlainAnswer): void {
  // Where no part failed as a whole, nothing but the plain answer will do, whatever `expectedOf` makes of it.
  if (merged.failures === 0) assertData(`${format}, against the plain answer`, merged.data, plain.data);
  assertData(format, merged.data, expected.data);
  assertErrors(format, merged.errors, expected);
  assertSameWords(format, merged.errors, plain.errors);
  if (format === "v0.2") assertAnnounced(format, merged, expected);
  else assertLabelled(format, merged, expected);
}

/** A client that takes no stream gets everything at once: the directives make no difference to it. */
function assertSameAnswer(withDirectives: PlainAnswer, plain: PlainAnswer): void {
  assertData("in one piece", withDirectives.data, plain.data);
  const paths = ({ errors }: PlainAnswer) => errors.map(({ path, message }) => `${path?.join(".")} ${message}`).sort();
  if (isDeepStrictEqual(paths(withDirectives), paths(plain))) return;
  throw new WrongAnswer(`in one piece: errors ${paths(withDirectives)}, without directives ${paths(plain)}.`);
}

function documentOf({ definitions }: DocumentNode, { variables }: Operation): Document {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return {
    schema,
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    variables,
    isIncremental: true,
  };
}

function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new TypeError("Expected an operation.");
  return operation;
}
