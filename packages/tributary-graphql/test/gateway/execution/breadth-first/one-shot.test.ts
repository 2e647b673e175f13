import { type DocumentNode, type ExecutionArgs, execute as graphqlExecute, parse } from "graphql";
import { expect, test } from "vitest";
import { schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

const schema = schemaOf(`
  type Query { user: User }
  type Mutation { rename(id: Int!, name: String!): User }
  type User { id: Int name: String email: String phone: String friend: User }`);
const user = { id: 1, name: "n", email: "e", phone: "p", friend: { id: 2 } };
const rootValue = { user, rename: () => user };

const repeated = 100;

/** The shortest of many alternating rounds of each, in milliseconds: the time without interference. */
function timesOf(runs: readonly ((args: ExecutionArgs) => unknown)[], text: string): number[] {
  const shortest = runs.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 60; round++) {
    for (const [index, run] of runs.entries()) {
      const documents: DocumentNode[] = Array.from({ length: repeated }, () => parse(text));
      const start = performance.now();
      for (const document of documents) run({ schema, document, rootValue });
      shortest[index] = Math.min(shortest[index] ?? 0, performance.now() - start);
    }
  }
  return shortest;
}

/** A plan that costs more than the execution would take several times as long. Smaller differences are noise. */
test.each([
  ["one object", "{ user { id name email } }"],
  [
    "fragments in fragments",
    "{ user { ...A ...B ...C } } fragment A on User { id name } fragment B on User { email ...A } fragment C on User { phone ...B friend { ...A } }",
  ],
  ["a mutation", 'mutation { rename(id: 3, name: "x") { id name friend { id } } b: rename(id: 4, name: "x") { id } }'],
])(
  "an operation that is executed once takes about as long as in graphql-js: %s",
  { timeout: 60_000 },
  (_what, text) => {
    const [ours = 0, graphqls = 0] = timesOf([execute, graphqlExecute], text);
    expect(ours / graphqls).toBeLessThan(2.5);
  },
);
