import DataLoader from "dataloader";
import { describe, expect, test } from "vitest";
import { type Resolvers, run, schemaOf } from "./support/ask.ts";

const sdl = `
  type Query { grid: [[Post]] posts: [Post!]! feed: [Entry] }
  interface Entry { user: User }
  type Post implements Entry { user: User editor: User }
  type Photo implements Entry { user: User }
  type User { name: String friend: User friends: [User] }`;

/** Loads users by number; each of them has the next as friend. */
function loading() {
  const batches: number[][] = [];
  const users = new DataLoader<number, object>(async (ids) => {
    batches.push([...ids].sort((one, other) => one - other));
    return ids.map((id) => ({ id, name: `user ${id}` }));
  });
  const idOf = (source: unknown): number => (source as { id: number }).id;
  const user = (source: unknown) => users.load(idOf(source));
  const resolvers: Resolvers = {
    Post: { fields: { user, editor: (source) => users.load(idOf(source) + 100) } },
    Photo: { fields: { user } },
    User: {
      fields: {
        friend: (source) => users.load(idOf(source) + 1),
        friends: (source) => [users.load(idOf(source) + 10), users.load(idOf(source) + 20)],
      },
    },
  };
  return { batches, schema: schemaOf(sdl, resolvers) };
}

const posts = (...ids: number[]) => ids.map((id) => ({ id, __typename: "Post" }));

describe("a DataLoader sees whole levels", () => {
  test("one batch per level, through lists of lists", async () => {
    const { batches, schema } = loading();
    const grid = [posts(1, 2), [], null, posts(3), [posts(4)[0], null]];
    await run(schema, "{ grid { user { name friend { name friend { name } } } } }", { rootValue: { grid } });
    expect(batches).toEqual([[1, 2, 3, 4], [5], [6]]);
  });

  test("fields beside each other share a batch", async () => {
    const { batches, schema } = loading();
    await run(schema, "{ posts { user { name } editor { name } } grid { user { name } } }", {
      rootValue: { posts: posts(1, 2), grid: [posts(3)] },
    });
    expect(batches).toEqual([[1, 2, 3, 101, 102]]);
  });

  test("objects of different types share a batch", async () => {
    const { batches, schema } = loading();
    const feed = [{ id: 1, __typename: "Photo" }, ...posts(2), { id: 3, __typename: "Photo" }];
    await run(schema, "{ feed { user { name } } }", { rootValue: { feed } });
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test("lists of promises at the end of lists share a batch", async () => {
    const { batches, schema } = loading();
    await run(schema, "{ posts { user { friends { name } } } }", { rootValue: { posts: posts(1, 2, 3) } });
    expect(batches).toEqual([
      [1, 2, 3],
      [11, 12, 13, 21, 22, 23],
    ]);
  });

  test("an item that fails and one that is null do not break a batch up", async () => {
    const { batches, schema } = loading();
    const grid = [[new Error("no"), ...posts(1)], null, [null, ...posts(2)]];
    const { errors } = await run(schema, "{ grid { user { friend { name } } } }", { rootValue: { grid } });
    expect(errors?.map(({ path }) => path)).toEqual([["grid", 0, 0]]);
    expect(batches).toEqual([[1, 2], [3]]);
  });

  test("a list of 5,000 objects is one batch per level", async () => {
    const { batches, schema } = loading();
    const rootValue = { posts: posts(...Array.from({ length: 5_000 }, (_, id) => id)) };
    await run(schema, "{ posts { user { friend { name } } } }", { rootValue });
    expect(batches.map((batch) => batch.length)).toEqual([5_000, 1]);
  });
});
