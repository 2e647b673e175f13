import { makePosts, makeUsers } from "../upstream/data.ts";

/** A resolver of the cases. This file does not import graphql, because each executor uses its own copy. */
export type Resolver = (source: never, args: never, context: ExecutionContext) => unknown;

/** The context of resolvers, created per execution, as in a request. */
export interface ExecutionContext {
  /** A DataLoader of the executor. */
  readonly userById: { load(id: number): Promise<unknown> };
}

/** An operation; `size` is its number of items, levels or fields. */
export interface Case {
  readonly title: string;
  readonly query: (size: number) => string;
  /** The default size. */
  readonly size: number;
  /** The same result by code without GraphQL. */
  readonly byHand?: (data: CaseData) => unknown;
}

const mostFields = 400;
const fieldNames = Array.from({ length: mostFields }, (_, index) => `f${index}`);

export const typeDefs = `
  type Query { posts: [Post] user: User chain: Link items: [Item!]! wide: Wide }
  type Mutation { addPost(title: String!): Post }
  type Post { id: Int! userId: Int! title: String! body: String! user: User loadedUser: User }
  type User { id: Int! name: String! username: String! email: String! phone: String website: String }
  type Link { value: Int! next: Link }
  type Item { id: Int! name: String! price: Float! isNew: Boolean! }
  type Wide { ${fieldNames.map((name) => `${name}: Int`).join(" ")} }
`;

/** The data in memory, created before the measurement. */
export interface CaseData {
  readonly posts: ReturnType<typeof makePosts>;
  readonly userById: ReadonlyMap<number, ReturnType<typeof makeUsers>[number]>;
  readonly chain: object;
  readonly items: readonly object[];
  readonly wide: object;
}

export function makeData(size: number): CaseData {
  let chain: object = { value: size, next: null };
  for (let value = size - 1; value > 0; value -= 1) chain = { value, next: chain };
  return {
    posts: makePosts(),
    userById: new Map(makeUsers().map((user) => [user.id, user])),
    chain,
    items: Array.from({ length: size }, (_, id) => ({ id, name: `item ${id}`, price: id / 8, isNew: id % 2 === 0 })),
    wide: Object.fromEntries(fieldNames.map((name, index) => [name, index])),
  };
}

export const resolversFor = (data: CaseData): Readonly<Record<string, Readonly<Record<string, Resolver>>>> => ({
  Query: {
    posts: () => data.posts,
    user: () => data.userById.get(1),
    chain: () => data.chain,
    items: () => data.items,
    wide: () => data.wide,
  },
  Mutation: {
    addPost: (_source, { title }: { title: string }) => ({ id: 101, userId: 1, title, body: "" }),
  },
  Post: {
    user: ({ userId }: { userId: number }) => data.userById.get(userId),
    loadedUser: ({ userId }: { userId: number }, _args, { userById }) => userById.load(userId),
  },
});

export const cases = {
  posts: {
    title: "posts and users",
    size: 1,
    query: () => "{ posts { id userId title user { id name email } } }",
    byHand: ({ posts, userById }) => ({ posts: posts.map((post) => postOf(post, userById.get(post.userId))) }),
  },
  loaded: {
    title: "posts and users, a DataLoader",
    size: 1,
    query: () => "{ posts { id userId title user: loadedUser { id name email } } }",
  },
  one: { title: "one object", size: 1, query: () => "{ user { id name email } }" },
  deep: {
    title: "deep and narrow, 40 levels",
    size: 40,
    query: (depth) => `{ chain { ${"value next { ".repeat(depth - 1)}value${" }".repeat(depth)} }`,
  },
  mutation: {
    title: "a mutation of three fields",
    size: 1,
    query: () =>
      `mutation { ${["a", "b", "c"].map((name) => `${name}: addPost(title: "${name}") { id title user { name } }`).join(" ")} }`,
  },
  items: { title: "a list", size: 1000, query: () => "{ items { id name price isNew } }" },
  wide: {
    title: "many fields",
    size: 100,
    query: (count) => `{ wide { ${fieldNames.slice(0, count).join(" ")} } }`,
  },
} satisfies Readonly<Record<string, Case>>;

export type CaseName = keyof typeof cases;

type Post = CaseData["posts"][number];
type User = ReturnType<typeof makeUsers>[number];

function postOf({ id, userId, title }: Post, user: User | undefined) {
  return { id, userId, title, user: user && { id: user.id, name: user.name, email: user.email } };
}
