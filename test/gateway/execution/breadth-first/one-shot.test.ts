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

/** The shortest of many rounds, in milliseconds, of executing as many documents as there are for the first time. */
function timeOf(run: (args: ExecutionArgs) => unknown, text: string): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40; round++) {
    const documents: DocumentNode[] = Array.from({ length: repeated }, () => parse(text));
    const start = performance.now();
    for (const document of documents) run({ schema, document, rootValue });
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

/** Half as long again is for the machine's other work. */
test.each([
  ["one object", "{ user { id name email } }"],
  [
    "fragments in fragments",
    "{ user { ...A ...B ...C } } fragment A on User { id name } fragment B on User { email ...A } fragment C on User { phone ...B friend { ...A } }",
  ],
  ["a mutation", 'mutation { rename(id: 3, name: "x") { id name friend { id } } b: rename(id: 4, name: "x") { id } }'],
])("an operation that never comes again takes no longer than in graphql-js: %s", { timeout: 60_000 }, (_what, text) => {
  expect(timeOf(execute, text) / timeOf(graphqlExecute, text)).toBeLessThan(1.5);
});
