import { describe, expect, test } from "vitest";
import { findingText } from "../../../src/commands/calls/finding.ts";
import type { CallRecord } from "../../../src/commands/calls/record.ts";
import type { OperationSummary } from "../../../src/commands/calls/summary.ts";
import type { RequestScope } from "../../../src/core/request-scope.ts";
import { callSource, check, toyApp } from "./toy-app.ts";

const sdl = `
  type Query { cities(first: Int!): [City!] city(name: String!): City }
  type Mutation { rename(name: String!): Boolean }
  type City { name: String! sun: String moon: String mayor: String tags: [String!]! }
`;

const namesOf = (_: unknown, { first }: { first?: number }) => Array.from({ length: first ?? 1 }, (_, i) => `c${i}`);

/** `City.sun` makes a call per city, `City.moon` a call per three cities, `City.mayor` no call. */
const app = () =>
  toyApp(sdl, {
    Query: {
      cities: async (root, args, scope) => {
        await callSource(scope, "database.cities");
        return namesOf(root, args).map((name, index) => ({ name, index, tags: ["a", "b"] }));
      },
      city: async (_, { name }, scope) => {
        if (name === "nowhere") throw new Error("boom");
        await callSource(scope, "database.city");
        return { name, index: 0, tags: [] };
      },
    },
    City: {
      sun: async (_, __, scope) => {
        await callSource(scope, "sun.today");
        return "up";
      },
      moon: async (city, __, scope) => {
        if ((city as { index: number }).index % 3 === 0) await callSource(scope, "moon.phases", 3);
        return "full";
      },
      mayor: async () => "Ada",
    },
  });

const list = (field: string) => `query List($first: Int!) { cities(first: $first) { name ${field} } }`;
const sizes = { small: { first: 3 }, large: { first: 12 } };

const recorded = (calls: Record<string, number>, length: number): Record<string, OperationSummary> => ({
  List: { sources: {}, calls, chain: { length, calls: [] } },
});

const findingsOf = async (
  operations: Record<string, string>,
  variables: object,
  record: Partial<CallRecord> = {},
): Promise<string[]> => (await check(app(), operations, variables, record)).findings.map(findingText);

const checkList = (field: string, record: Partial<CallRecord> = {}) =>
  findingsOf({ list: list(field) }, { List: sizes }, record);

describe("calls that grow with the list", () => {
  const plain = recorded({ "database.cities": 1 }, 1);

  test("are found, however many are recorded", async () => {
    const operations = recorded({ "database.cities": 1, "sun.today": 100 }, 2);
    expect(await checkList("sun", { operations })).toEqual([
      `operations/list.graphql (List): calls grow with the list.
  City.sun, resolved by sun (toys.ts:1), called sun.today 3 times for 3 items and 12 times for 12: once per item. Load all keys in one batch: docs/call-contract.md
  If the source takes no more than one key per call, declare it: npx tributary calls record --keys-per-call sun.today=1 --reason "…"`,
    ]);
  });

  test("are found where the source takes only a few keys per call", async () => {
    const [text] = await checkList("moon");
    expect(text).toContain("moon.phases once for 3 items and 4 times for 12: more often for a longer list.");
    expect(text).toContain(
      "no more than 3 keys per call, declare it: npx tributary calls record --keys-per-call moon.phases=3",
    );
  });

  test("are accepted with a declared limit, in proportion to the keys", async () => {
    const reason = "one per call";
    const keysPerCall = { "sun.today": { keys: 1, reason }, "moon.phases": { keys: 3, reason } };
    const operations = recorded({ "database.cities": 1, "sun.today": 12, "moon.phases": 4 }, 2);
    expect(await checkList("sun moon", { operations, keysPerCall })).toEqual([]);
    const tooFew = { "sun.today": { keys: 2, reason }, "moon.phases": { keys: 3, reason } };
    expect(await checkList("sun moon", { operations, keysPerCall: tooFew })).toHaveLength(1);
  });

  test("are still compared with the record: more than recorded is a finding", async () => {
    const keysPerCall = { "sun.today": { keys: 1, reason: "one per call" } };
    const operations = recorded({ "database.cities": 1, "sun.today": 11 }, 2);
    expect(await checkList("sun", { operations, keysPerCall })).toEqual([
      `operations/list.graphql (List): more calls than recorded.
  sun.today is called 12 times, but recorded 11 times: by City.sun, resolved by sun (toys.ts:1)
  If this is intended: npx tributary calls record`,
    ]);
  });

  test("are not accepted when they are sequential", async () => {
    const serial = toyApp(sdl, {
      Query: {
        cities: async (root, args, scope) => {
          for (const _ of namesOf(root, args)) await callSource(scope, "database.cityByName");
          return namesOf(root, args).map((name) => ({ name }));
        },
      },
    });
    const keysPerCall = { "database.cityByName": { keys: 1, reason: "slow" } };
    const { findings } = await check(serial, { list: list("") }, { List: sizes }, { keysPerCall });
    expect(findings.map(findingText)).toEqual([
      `operations/list.graphql (List): calls grow with the list.
  Query.cities, resolved by cities (toys.ts:1), called database.cityByName 3 times and 12 times: more often for a longer list, one after the other. Load all keys in one batch, without await in a loop: docs/call-contract.md`,
    ]);
  });

  test("are not the single call of a field that the short list did not reach", async () => {
    const sometimes = toyApp(sdl, {
      Query: {
        cities: async (root, args, scope) => {
          const names = namesOf(root, args);
          if (names.length > 5) await callSource(scope, "database.more", names.length);
          return names.map((name) => ({ name }));
        },
      },
    });
    const operations = recorded({ "database.more": 1 }, 1);
    const { findings } = await check(sometimes, { list: list("") }, { List: sizes }, { operations });
    expect(findings).toEqual([]);
  });

  test("are not found when both lists need the same number of calls", async () => {
    expect(await checkList("mayor tags", { operations: plain })).toEqual([]);
  });
});

describe("an operation cannot be checked", () => {
  test("when its response has errors", async () => {
    const query = "query One($name: String!) { city(name: $name) { mayor } }";
    const variables = { One: { small: { name: "here" }, large: { name: "nowhere" } } };
    expect(await findingsOf({ one: query }, variables)).toEqual([
      `operations/one.graphql (One): the response has errors, so its calls are not checked.
  with the large variables: city: INTERNAL_SERVER_ERROR: Unexpected error.`,
    ]);
  });

  test("when none of its lists grows", async () => {
    expect(await findingsOf({ list: list("mayor") }, { List: { small: { first: 3 }, large: { first: 3 } } })).toEqual([
      `operations/list.graphql (List): no list grows with the large variables, so an N+1 is not detected.
  Lists that do not grow: cities (3)
  Choose large variables in operations/variables.json with which at least one list grows to two objects or more. If the size of a list is fixed, use a variable: first: $first`,
    ]);
  });

  test("when its only list has a single object in the large run", async () => {
    const variables = { List: { small: { first: 0 }, large: { first: 1 } } };
    const [text] = await findingsOf({ list: list("mayor") }, variables);
    expect(text).toContain("no list grows with the large variables");
  });

  test("unless it has no list of objects at all", async () => {
    const record = {
      operations: { One: { sources: {}, calls: { "database.city": 1 }, chain: { length: 1, calls: [] } } },
    };
    expect(await findingsOf({ one: 'query One { city(name: "a") { name tags } }' }, {}, record)).toEqual([]);
  });

  test("when another one has the same name", async () => {
    const twice = { one: "query Same { city { name } }", two: "query Same { city { tags } }" };
    await expect(check(app(), twice, {})).rejects.toThrow(
      "operations/two.graphql: operations/one.graphql has an operation Same as well. Rename one of them.",
    );
  });

  test("when it has no name", async () => {
    await expect(check(app(), { nameless: "{ city { name } }" }, {})).rejects.toThrow(
      "operations/nameless.graphql: an operation has no name. Add one: calls are recorded by name.",
    );
  });

  test("when a source does not await beforeCall, because the step of its call is unknown", async () => {
    const hasty = toyApp(sdl, {
      Query: {
        cities: (root, args, { calls }: RequestScope) => {
          calls.begin("database", "cities", 1).succeed(1);
          return namesOf(root, args).map((name) => ({ name }));
        },
      },
    });
    const { findings } = await check(hasty, { list: list("") }, { List: sizes });
    expect(findings.map(findingText)[0]).toBe(
      `operations/list.graphql (List): the call database.cities did not await beforeCall.
  Add to its source, before the call: await scope.calls.beforeCall?.()`,
    );
  });
});

describe("an operation is compared with its record", () => {
  test("a call that is not recorded is a finding, also when it is made once", async () => {
    const operations = recorded({ "database.towns": 1 }, 1);
    expect(await checkList("mayor", { operations })).toEqual([
      `operations/list.graphql (List): more calls than recorded.
  database.cities is called once, but is not recorded: by Query.cities, resolved by cities (toys.ts:1)
  If this is intended: npx tributary calls record`,
    ]);
  });

  test("a longer chain is listed call by call", async () => {
    const operations = recorded({ "database.cities": 1, "sun.today": 12 }, 1);
    const keysPerCall = { "sun.today": { keys: 1, reason: "one per call" } };
    expect(await checkList("sun", { operations, keysPerCall })).toEqual([
      `operations/list.graphql (List): its longest chain of dependent calls has 2 calls; recorded: 1.
  1. database.cities, by Query.cities, resolved by cities (toys.ts:1)
  2. sun.today, by City.sun, resolved by sun (toys.ts:1)
  If this is intended: npx tributary calls record`,
    ]);
  });

  test("a removed operation has to be removed from the record and from the variables", async () => {
    const operations = { ...recorded({}, 0) };
    expect(await findingsOf({}, { List: sizes }, { operations })).toEqual([
      `operations/calls.json (List): none of the 0 files in operations/ has this operation.
  Remove it: npx tributary calls record`,
      `operations/variables.json (List): none of the 0 files in operations/ has this operation.
  Remove its variables from the file.`,
    ]);
  });

  test("several operations in one file, with a fragment of another file, are checked one by one", async () => {
    const { findings, summaries } = await check(
      app(),
      {
        two: `query A($first: Int!) { cities(first: $first) { ...Named } } query B($name: String!) { city(name: $name) { ...Named } }`,
        fragment: "fragment Named on City { name mayor }",
      },
      { A: sizes, B: { small: { name: "a" }, large: { name: "b" } } },
    );
    expect(findings.map(({ headline }) => headline)).toEqual([
      "operations/two.graphql (A): not recorded yet: 1 call (database 1), longest chain: 1.",
      "operations/two.graphql (B): not recorded yet: 1 call (database 1), longest chain: 1.",
    ]);
    expect(summaries).toMatchObject({ A: { calls: { "database.cities": 1 } }, B: { calls: { "database.city": 1 } } });
  });
});

describe("an operation with deferred parts", () => {
  const deferred = "query List($first: Int!) { cities(first: $first) { name ... @defer { moon } } }";
  const keysPerCall = { "moon.phases": { keys: 3, reason: "three a call" } };

  test("is also measured until its first payload", async () => {
    const { summaries } = await check(app(), { list: deferred }, { List: sizes }, { keysPerCall });
    expect(summaries.List).toEqual({
      sources: { database: 1, moon: 4 },
      calls: { "database.cities": 1, "moon.phases": 4 },
      chain: { length: 2, calls: ["database.cities", "moon.phases"] },
      firstPayload: {
        sources: { database: 1 },
        calls: { "database.cities": 1 },
        chain: { length: 1, calls: ["database.cities"] },
      },
    });
  });

  test("is compared with the recorded calls before its first payload", async () => {
    const whole = { "database.cities": 1, "moon.phases": 4, "sun.today": 12 };
    const first = { sources: {}, calls: { "database.cities": 1 }, chain: { length: 1, calls: [] } };
    const record: Partial<CallRecord> = {
      keysPerCall: { ...keysPerCall, "sun.today": { keys: 1, reason: "one per call" } },
      operations: { List: { sources: {}, calls: whole, chain: { length: 3, calls: [] }, firstPayload: first } },
    };
    const operation = deferred.replace("name", "name sun");
    const texts = await findingsOf({ list: operation }, { List: sizes }, record);
    expect(texts.map((text) => text.split("\n")[0])).toEqual([
      "operations/list.graphql (List): before its first payload, more calls than recorded.",
      "operations/list.graphql (List): before its first payload, its longest chain of dependent calls has 2 calls; recorded: 1.",
    ]);
  });

  test("that is no longer deferred is compared with the recorded calls before its first payload", async () => {
    const { summaries } = await check(app(), { list: deferred }, { List: sizes }, { keysPerCall });
    const operation = deferred.replace("... @defer { moon }", "moon");
    const texts = await findingsOf({ list: operation }, { List: sizes }, { keysPerCall, operations: summaries });
    expect(texts).toEqual([
      expect.stringMatching(
        /^operations\/list.graphql \(List\): before its first payload, more calls than recorded.\n {2}moon.phases is called 4 times, but is not recorded: by City.moon/,
      ),
      expect.stringContaining(
        "before its first payload, its longest chain of dependent calls has 2 calls; recorded: 1.",
      ),
    ]);
  });

  test("fails when a deferred part has an error", async () => {
    const failing = toyApp(sdl, {
      Query: { cities: (root, args) => namesOf(root, args).map((name) => ({ name })) },
      City: {
        moon: () => {
          throw new Error("boom");
        },
      },
    });
    const { findings } = await check(failing, { list: deferred }, { List: sizes });
    expect(findings.map(({ headline }) => headline)).toEqual([
      "operations/list.graphql (List): the response has errors, so its calls are not checked.",
    ]);
  });
});

describe("a mutation or a subscription", () => {
  const renames = { rename: "mutation Rename($name: String!) { rename(name: $name) }" };
  const writing = { Rename: { small: { name: "a" }, large: { name: "b" } } };
  const ticks = { ticks: "subscription Ticks($city: String!) { ticked(city: $city) { name sun } }" };
  const listening = { Ticks: { small: { city: "a" }, large: { city: "b" } } };

  /** An app that records its writes; `ticked` has an event only after a write. */
  function writable() {
    const written: string[] = [];
    const waiting: (() => void)[] = [];
    const toys = toyApp(
      `type Query { cities: Int } type City { name: String sun: String }
       type Mutation { rename(name: String!): Boolean } type Subscription { ticked(city: String!): City }`,
      {
        Mutation: {
          rename: async (_, { name }, scope) => {
            await callSource(scope, "database.rename");
            written.push(String(name));
            for (const wake of waiting.splice(0)) wake();
            return true;
          },
        },
        Subscription: {
          ticked: async function* (_: unknown, { city }: { city?: unknown }) {
            await new Promise<void>((resolve) => waiting.push(resolve));
            yield { ticked: { name: city } };
          },
        },
        City: {
          sun: async (_, __, scope) => {
            await callSource(scope, "sun.today");
            return "up";
          },
        },
      },
    );
    return { toys, written };
  }

  test("without variables is not executed, which is not a finding", async () => {
    const { toys, written } = writable();
    const { findings, notRun, summaries } = await check(toys, { ...renames, ...ticks }, {});
    expect({ findings, notRun, summaries, written }).toEqual({
      findings: [],
      notRun: ["Rename", "Ticks"],
      summaries: {},
      written: [],
    });
  });

  test("with variables is measured, once per size", async () => {
    const { toys, written } = writable();
    const { summaries, notRun } = await check(toys, renames, writing);
    expect({ written, notRun }).toEqual({ written: ["a", "b"], notRun: [] });
    expect(summaries.Rename).toMatchObject({ calls: { "database.rename": 1 }, chain: { length: 1 } });
  });

  test("is measured until its first event, which a trigger causes, whose calls do not count", async () => {
    const { toys, written } = writable();
    const trigger = { query: "mutation ($name: String!) { rename(name: $name) }", variables: { name: "c" } };
    const { summaries, findings } = await check(toys, ticks, { Ticks: { ...listening.Ticks, trigger } });
    expect(written).toEqual(["c", "c"]);
    expect(summaries.Ticks).toMatchObject({ calls: { "sun.today": 1 }, chain: { length: 1 } });
    expect(findings.map(findingText)).toEqual([expect.stringContaining("not recorded yet: 1 call (sun 1)")]);
  });

  test("whose trigger fails is a finding", async () => {
    const { toys } = writable();
    const trigger = { query: "mutation { rename(name: 7) }" };
    const { findings } = await check(toys, ticks, { Ticks: { ...listening.Ticks, trigger } });
    expect(findings.map(findingText)).toEqual([
      expect.stringContaining("String cannot represent a non string value: 7"),
    ]);
  });

  test("that is recorded and no longer executed is a finding", async () => {
    const { toys } = writable();
    const operations = { Rename: { sources: {}, calls: {}, chain: { length: 0, calls: [] } } };
    const { findings } = await check(toys, renames, {}, { operations });
    expect(findings.map(findingText)).toEqual([expect.stringContaining("has no variables to execute it with")]);
  });

  test("a trigger is only for subscriptions", async () => {
    const { toys } = writable();
    const { findings } = await check(toys, renames, {
      Rename: { ...writing.Rename, trigger: { query: "{ cities }" } },
    });
    expect(findings.map(findingText)).toEqual([expect.stringContaining("only subscriptions can have one")]);
  });
});
