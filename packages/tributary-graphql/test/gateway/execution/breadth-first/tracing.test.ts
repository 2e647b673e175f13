import { tracingChannel } from "node:diagnostics_channel";
import { type AsyncWorkFinishedInfo, type GraphQLResolveInfo, execute as graphqlExecute, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { answerOf, schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

const schema = schemaOf(
  "type Query { n(v: Int): Int strict: Int! items: [Item] slow: Int } type Item { n: Int later: Int }",
);
const text = "query Named($v: Int) { n(v: $v) items { n alias: later } }";
const rootValue = {
  n: 1,
  slow: async () => 2,
  items: () => [
    { n: 1, later: async () => 2 },
    {
      n: () => {
        throw new Error("no");
      },
      later: 3,
    },
  ],
};

const channels = [
  "graphql:execute",
  "graphql:execute:variableCoercion",
  "graphql:execute:rootSelectionSet",
  "graphql:resolve",
];

const facts = [
  "operationName",
  "operationType",
  "fieldName",
  "alias",
  "parentType",
  "fieldType",
  "fieldPath",
  "isDefaultResolver",
  "args",
];

/** The events that are published on graphql's channels during the execution, as sorted text. */
async function published(executor: typeof execute, source: string): Promise<string[]> {
  const seen: string[] = [];
  const stops = channels.map((name) => {
    const channel = tracingChannel(name);
    const note = (phase: string) => (message: object) => {
      const context = message as Record<string, unknown>;
      seen.push(`${name} ${phase} ${facts.map((fact) => JSON.stringify(context[fact])).join(" ")}`);
    };
    const handlers = {
      start: note("start"),
      end: note("end"),
      asyncStart: note("asyncStart"),
      asyncEnd: note("asyncEnd"),
      error: note("error"),
    };
    channel.subscribe(handlers);
    return () => channel.unsubscribe(handlers);
  });
  try {
    await executor({ schema, document: parse(source), rootValue, variableValues: { v: 1 } });
  } finally {
    for (const stop of stops) stop();
  }
  return seen.sort();
}

describe("graphql's diagnostics channels", () => {
  test.each([text, "{ n }", "{ items { n } }"])("%s: subscribers see the same events", async (source) => {
    const seen = await published(execute, source);
    expect(seen).toEqual(await published(graphqlExecute, source));
    expect(seen.length).toBeGreaterThan(6);
  });
});

describe("the hook `asyncWorkFinished`", () => {
  async function finishes(executor: typeof execute, source: string, root: unknown): Promise<unknown[]> {
    const finished = Promise.withResolvers<AsyncWorkFinishedInfo>();
    const infos: AsyncWorkFinishedInfo[] = [];
    const asyncWorkFinished = (info: AsyncWorkFinishedInfo): void => {
      infos.push(info);
      finished.resolve(info);
    };
    await executor({ schema, document: parse(source), rootValue: root, hooks: { asyncWorkFinished } });
    await finished.promise;
    return infos.map(({ validatedExecutionArgs }) => validatedExecutionArgs.rootValue === root);
  }

  test.each(["{ n }", "{ n slow }"])("is called once when all of %s is done", async (source) => {
    expect(await finishes(execute, source, rootValue)).toEqual([true]);
    expect(await finishes(graphqlExecute, source, rootValue)).toEqual([true]);
  });

  test("waits for work that an error has left running, and for work that resolvers track", async () => {
    const log: string[] = [];
    const left = Promise.withResolvers<number>();
    const tracked = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<void>();
    const root = {
      slow: (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
        info.getAsyncHelpers().track([tracked.promise]);
        return left.promise;
      },
      strict: () => Promise.reject(new Error("no")),
    };
    const answer = await answerOf(
      execute({
        schema,
        document: parse("{ slow strict }"),
        rootValue: root,
        hooks: {
          asyncWorkFinished: () => {
            log.push("finished");
            finished.resolve();
          },
        },
      }),
    );
    expect(answer.data).toBeNull();
    await new Promise((resolve) => setImmediate(resolve));
    log.push("left behind");
    left.resolve(1);
    await new Promise((resolve) => setImmediate(resolve));
    log.push("tracked");
    tracked.resolve();
    await finished.promise;
    expect(log).toEqual(["left behind", "tracked", "finished"]);
  });
});

describe("features that only graphql-js has", () => {
  test("arguments of fragments are executed", async () => {
    const document = parse("{ ...F(v: 5) } fragment F($v: Int = 3) on Query { echo(v: $v) }", {
      experimentalFragmentArguments: true,
    });
    const echoing = schemaOf("type Query { echo(v: Int): Int }");
    const echo = ({ v }: { v: number }) => v;
    expect(await answerOf(execute({ schema: echoing, document, rootValue: { echo } }))).toEqual({ data: { echo: 5 } });
  });
});

test("a subscriber that comes between two fields of a mutation sees the second, and the fields below it", async () => {
  const mutations = schemaOf(
    "type Query { n: Int } type Mutation { first: Int second: Item } type Item { n: Int m: Int }",
  );
  const told = async (executor: typeof execute) => {
    const seen: string[] = [];
    const channel = tracingChannel("graphql:resolve");
    const note = (phase: string) => (message: object) => {
      const { fieldPath, isDefaultResolver, result } = message as Record<string, unknown>;
      seen.push(`${phase} ${fieldPath} ${isDefaultResolver} ${JSON.stringify(result)}`);
    };
    const handlers = {
      start: note("start"),
      end: note("end"),
      asyncStart: note("asyncStart"),
      asyncEnd: note("asyncEnd"),
      error: note("error"),
    };
    const root = {
      first: async () => void channel.subscribe(handlers),
      second: async () => ({ n: 1, m: async () => 2 }),
    };
    try {
      const document = parse("mutation { first second { n m __typename } }");
      await executor({ schema: mutations, document, rootValue: root });
    } finally {
      channel.unsubscribe(handlers);
    }
    return seen.toSorted();
  };
  const seen = await told(execute);
  expect(seen).toEqual(await told(graphqlExecute));
  expect(seen.length).toBeGreaterThan(6);
});
