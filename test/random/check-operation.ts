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
  assertLabels,
  assertSameMessages,
  WrongResult,
} from "./compare.ts";
import { type Expected, expectedOf } from "./expected.ts";
import { createFakeSources, type FakeSourceOptions } from "./fake-sources.ts";
import { fullResult } from "./full-result.ts";
import { nullableSchema } from "./nullable-schema.ts";
import { type Format, formats, type PlainResult, type RandomGateway } from "./random-gateway.ts";
import { InvalidStream, type Merged } from "./responses.ts";
import { type Operation, writeOperation } from "./write-operation.ts";

const allNullable = nullableSchema(schema);

/** Counts of one operation, to check the coverage of all operations. */
export interface Checked {
  readonly parts: number;
  readonly failures: number;
  readonly errors: number;
}

/**
 * Executes one operation without a stream and in both stream formats, and compares the results with each other and with
 * the expected result.
 *
 * @param hasEqualLatency whether every call takes the same time: the number of batches is checked only then
 * @throws WrongResult or InvalidStream; the message ends with the payloads
 */
export async function checkOperation(
  gateway: RandomGateway,
  choices: OperationChoices,
  sourceOptions: FakeSourceOptions,
  hasEqualLatency: boolean,
): Promise<Checked> {
  gateway.useSources(sourceOptions);
  const operation = writeOperation(schema, choices, { isIncremental: true });
  const parsed = parse(operation.query);
  const document = documentOf(parsed, operation);
  const definition = operationOf(parsed);
  const full = await fullResult(allNullable, parsed, operation.variables, {
    sources: createFakeSources(sourceOptions, new CallLog()),
  });
  const plain = await gateway.executePlain(writeOperation(schema, choices, { isIncremental: false }));
  const plainExpected = expectedOf({ ...document, isIncremental: false }, definition, full);
  assertData("without directives", plain.data, plainExpected.data);
  assertErrors("without directives", plain.errors, plainExpected);
  assertSameResult(await gateway.executePlain(operation), plain);

  const expected = expectedOf(document, definition, full);
  // Null propagation ends the plain execution of the parent, and with it its calls.
  const canCount = hasEqualLatency && plainExpected.alternativeErrors.length === 0;
  const allowed = canCount ? allowedCalls(document, definition) : undefined;
  const results: Merged[] = [];
  for (const format of ["v0.2", "2022"] as const) {
    const { payloads, calls } = await gateway.executeIncremental(operation, format);
    const sent = JSON.stringify(payloads);
    try {
      const merged = formats[format].merge(payloads);
      assertMerged(format, merged, expected, plain);
      if (allowed) assertCalls(format, calls, plain.calls, allowed);
      results.push(merged);
    } catch (error) {
      if (!(error instanceof WrongResult || error instanceof InvalidStream)) throw error;
      throw new WrongResult(`${format}: ${error.message}\npayloads ${sent}`, { cause: error });
    }
  }
  const [first] = results;
  return { parts: first?.parts.length ?? 0, failures: first?.failures ?? 0, errors: first?.errors.length ?? 0 };
}

function assertMerged(format: Format, merged: Merged, expected: Expected, plain: PlainResult): void {
  // Independent of `expectedOf`: without failed parts, the merged data must equal the plain data.
  if (merged.failures === 0) assertData(`${format}, compared with the plain result`, merged.data, plain.data);
  assertData(format, merged.data, expected.data);
  assertErrors(format, merged.errors, expected);
  assertSameMessages(format, merged.errors, plain.errors);
  if (format === "v0.2") assertAnnounced(format, merged, expected);
  else assertLabels(format, merged, expected);
}

/** For a client that accepts no stream, the directives have no effect. */
function assertSameResult(withDirectives: PlainResult, plain: PlainResult): void {
  assertData("without a stream", withDirectives.data, plain.data);
  const paths = ({ errors }: PlainResult) => errors.map(({ path, message }) => `${path?.join(".")} ${message}`).sort();
  if (isDeepStrictEqual(paths(withDirectives), paths(plain))) return;
  throw new WrongResult(`without a stream: errors ${paths(withDirectives)}, without directives ${paths(plain)}.`);
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
