import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  execute as graphqlExecute,
  isIntrospectionType,
  isObjectType,
  parse,
} from "graphql";
import { describe, expect, test } from "vitest";
import { answerOf, schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

type Wrap = (next: GraphQLFieldResolver<unknown, unknown>) => GraphQLFieldResolver<unknown, unknown>;

/** Wraps every resolver of a schema, the default ones too, as tools for tracing and authorisation do. */
function wrapped(schema: GraphQLSchema, wrap: Wrap): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) field.resolve = wrap(field.resolve ?? defaultFieldResolver);
  }
  return schema;
}

const sdl = `
  type Query { posts: [Post!] post: Post title: String }
  type Post { id: ID! title: String author: User tags: [String] related: [[Post]] secret: String }
  type User { name: String post: Post }`;

const post = (id: number): object => ({
  id,
  title: `post ${id}`,
  tags: ["a", "b"],
  author: async () => ({ name: `author of ${id}`, post: { id, title: "again" } }),
  related: id > 10 ? [] : [[post(id * 10 + 1), null], null, [post(id * 10 + 2)]],
  secret: "secret",
});
const rootValue = { posts: [post(1), post(2), post(3)], post: Promise.resolve(post(4)), title: "root" };
const text = `{
  posts { id title ...P related { id title author { name } } } title
  post { id tags author { name post { title } } other: title }
} fragment P on Post { tags title author { name } }`;

describe("a resolver that wraps another is called as often as by graphql-js", () => {
  test("by tracing: once for each field of each object, with the same path and the same beginning and end", async () => {
    const trace = async (executor: typeof execute) => {
      const spans: string[] = [];
      const schema = wrapped(schemaOf(sdl), (next) => (source, args, context, info) => {
        const keys: (string | number)[] = [];
        for (let path: typeof info.path | undefined = info.path; path; path = path.prev) keys.unshift(path.key);
        spans.push(`begin ${keys.join(".")} ${info.parentType}.${info.fieldName}`);
        const result = next(source, args, context, info);
        spans.push(`end ${keys.join(".")}`);
        return result;
      });
      await executor({ schema, document: parse(text), rootValue });
      return spans.toSorted();
    };
    const spans = await trace(execute);
    expect(spans).toEqual(await trace(graphqlExecute));
    expect(spans.length).toBe(2 * 52);
  });

  test("by authorisation: a field that is refused is refused for each object, and never read", async () => {
    let asked = 0;
    let read = 0;
    const schema = wrapped(schemaOf(sdl), (next) => (source, args, context, info) => {
      if (info.fieldName !== "secret") return next(source, args, context, info);
      asked++;
      throw new Error("not yours");
    });
    const posts = [1, 2].map((id) => ({
      id,
      get secret() {
        read++;
        return "secret";
      },
    }));
    const answer = await answerOf(
      execute({ schema, document: parse("{ posts { id secret } }"), rootValue: { posts } }),
    );
    expect(answer).toMatchObject({
      data: {
        posts: [
          { id: "1", secret: null },
          { id: "2", secret: null },
        ],
      },
      errors: [{ path: ["posts", 0, "secret"] }, { path: ["posts", 1, "secret"] }],
    });
    expect({ asked, read }).toEqual({ asked: 2, read: 0 });
  });

  test("by a wrapper that turns every value into a promise: the answer is the same", async () => {
    const schema = wrapped(
      schemaOf(sdl),
      (next) =>
        async (...call) =>
          next(...call),
    );
    const args = { document: parse(text), rootValue };
    expect(await answerOf(execute({ ...args, schema }))).toEqual(
      await answerOf(graphqlExecute({ ...args, schema: schemaOf(sdl) })),
    );
  });

  test("by `fieldResolver`: each field without a resolver of its own", async () => {
    const count = async (executor: typeof execute) => {
      let calls = 0;
      const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (...call) => {
        calls++;
        return defaultFieldResolver(...call);
      };
      await executor({ schema: schemaOf(sdl), document: parse(text), rootValue, fieldResolver });
      return calls;
    };
    expect(await count(execute)).toBe(await count(graphqlExecute));
  });
});

describe("a resolver is given all that it can see", () => {
  const given = (name: string, resolve: unknown) => [name, resolve] as const;
  const plain = (_source: unknown, args: { v?: number }, context: unknown, info: { fieldName: string }) =>
    `${args.v} ${context} ${info.fieldName}`;
  const join = (all: ArrayLike<unknown>) => plain(...(Array.from(all) as Parameters<typeof plain>));

  test.each([
    given(
      "with a `length` that was changed",
      Object.defineProperty((...all: never[]) => join(all), "length", { value: 0 }),
    ),
    given(
      "with plain parameters and a changed `length`",
      Object.defineProperty((s: never, a: never, c: never, i: never) => plain(s, a, c, i), "length", { value: 1 }),
    ),
    given("with rest parameters", (...all: never[]) => join(all)),
    given("with rest parameters behind the first", (source: never, ...rest: never[]) => join([source, ...rest])),
    given(
      "with a default",
      (source: never, args: never = {} as never, context: never = "none" as never, info: never = {} as never) =>
        plain(source, args, context, info),
    ),
    given("bound", plain.bind(undefined)),
    given("a proxy", new Proxy(plain, {})),
    given("that looks into `arguments`", function (this: unknown) {
      // biome-ignore lint/complexity/noArguments: this is what is tested.
      return join(arguments);
    }),
    given(
      "taken apart",
      ({ s = 1 }: { s?: number }, { v }: { v?: number }, context: never, { fieldName }: { fieldName: string }) =>
        s && plain(undefined, { v }, context, { fieldName }),
    ),
    given(
      "a method",
      {
        m(s: never, a: never, c: never, i: never) {
          return plain(s, a, c, i);
        },
      }.m,
    ),
  ])("%s", async (_name, resolve) => {
    const schema = schemaOf("type Query { a: A } type A { n(v: Int): String }", {
      A: { fields: { n: resolve as GraphQLFieldResolver<unknown, unknown> } },
    });
    const asked = { schema, document: parse("{ a { n(v: 3) } }"), rootValue: { a: {} }, contextValue: "context" };
    expect(await answerOf(execute(asked))).toEqual({ data: { a: { n: "3 context n" } } });
  });
});
