import type { StandardSchemaV1 } from "@standard-schema/spec";
import { createScope, serve } from "tributary-testing/rest-service.ts";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const body = JSON.stringify([{ name: "Oslo" }, { name: "secret" }]);

async function issueOf(schema: StandardSchemaV1, sent = body): Promise<string> {
  const upstream = await serve((_request, response) => response.end(sent));
  const scope = createScope();
  const read = { call: "cities", keys: 1, path: "/cities", body: schema } as const;
  const error: unknown = await upstream.get(scope, read).then(
    () => "no error",
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE", source: "cities" });
  expect(scope.lines).toMatchObject([{ body: sent.slice(0, 500), source: "cities", path: "/cities" }]);
  return String(error).replace("DomainError: The service cities sent an invalid response to /cities: ", "");
}

describe("a body is validated by any Standard Schema", () => {
  test.each<[string, StandardSchemaV1, string]>([
    ["zod", z.array(z.object({ name: z.number() })), "expected number, received string at [0].name."],
    ["valibot", v.array(v.object({ name: v.number() })), "Expected number but received string at [0].name."],
    [
      "an asynchronous one",
      z.array(z.object({ name: z.string() })).refine(async () => false, "too few"),
      "too few at the root.",
    ],
  ])("%s: the first issue is named by message and path", async (_name, schema, expected) => {
    expect(await issueOf(schema)).toContain(expected);
  });

  test("the reader gets the output of the schema", async () => {
    const upstream = await serve((_request, response) => response.end(body));
    const names = v.pipe(
      v.array(v.object({ name: v.string() })),
      v.transform((all) => all.map(({ name }) => name)),
    );
    const response = await upstream.get(createScope(), { call: "cities", keys: 1, path: "/cities", body: names });
    expect(response.body).toEqual(["Oslo", "secret"]);
  });
});

describe("the issue that a client gets has no value of the body", () => {
  const custom = (message: (value: unknown) => string, path?: StandardSchemaV1.Issue["path"]): StandardSchemaV1 => ({
    "~standard": {
      version: 1,
      vendor: "own",
      validate: (value) => ({ issues: [{ message: message(value), ...(path && { path }) }] }),
    },
  });

  test.each<[string, StandardSchemaV1, string]>([
    [
      "valibot's quote of a string",
      v.array(v.object({ name: v.literal("Oslo") })),
      'Invalid type: Expected "Oslo" but received string at [1].name.',
    ],
    [
      "valibot's quote of a number that a check refuses",
      v.array(
        v.object({
          name: v.pipe(
            v.string(),
            v.transform(() => 4711),
            v.check(() => false),
          ),
        }),
      ),
      "Invalid input: received string at [0].name.",
    ],
    [
      "a quote in brackets",
      custom(() => 'name must be a number (was "secret")', [1, "name"]),
      "name must be a number (was string) at [1].name.",
    ],
    [
      "a quote somewhere else",
      custom(() => "secret is no city", [1, { key: "name" }]),
      "invalid value, received string at [1].name.",
    ],
  ])("%s is removed", async (_name, schema, expected) => {
    expect(await issueOf(schema)).toBe(expected);
  });

  test("paths are written as in code", async () => {
    expect(await issueOf(custom(() => "no", ["a", 0, "b c", "d"]))).toBe('no at a[0]["b c"].d.');
    expect(await issueOf(custom(() => "no"))).toBe("no at the root.");
  });

  test("a schema that fails without an issue makes the body invalid", async () => {
    const mute: StandardSchemaV1 = { "~standard": { version: 1, vendor: "own", validate: () => ({ issues: [] }) } };
    expect(await issueOf(mute)).toBe("invalid value.");
  });

  test("a large body is truncated in the log", async () => {
    const large = JSON.stringify("é".repeat(5000));
    await issueOf(z.number(), large);
  });
});
