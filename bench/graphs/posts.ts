import SchemaBuilder from "@pothos/core";
import { GraphQLDeferDirective, type GraphQLSchema, GraphQLStreamDirective, specifiedDirectives } from "graphql";
import type { RequestScope } from "tributary-graphql";
import { createRestReads, createUpstream, repeated, type Upstream, type UpstreamOptions } from "tributary-graphql/rest";
import { z } from "zod";
import type { Graph } from "./graph.ts";

const postBodies = z.array(z.object({ id: z.int(), userId: z.int(), title: z.string(), body: z.string() }));

const userBodies = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    username: z.string(),
    email: z.string(),
    phone: z.string().nullish(),
    website: z.string().nullish(),
  }),
);

type Post = z.infer<typeof postBodies>[number];
type User = z.infer<typeof userBodies>[number];

/** The reads of one request. */
interface PostsContext {
  posts(): Promise<readonly Post[]>;
  userById(id: number): Promise<User | null>;
}

/** Posts with their authors from a REST service: `/posts`, and one batch `/users?id=1&id=2` per level. */
export function openPosts(options: Pick<UpstreamOptions, "baseUrl" | "cacheBytes">): Graph {
  const upstream = createUpstream({ name: "posts", ...options });
  return {
    schema: postsSchema(),
    createContext: (scope) => postsContext(upstream, scope),
    readiness: {},
    close: () => upstream.close(),
  };
}

function postsContext(upstream: Upstream, scope: RequestScope): PostsContext {
  const reads = createRestReads(upstream, scope);
  const users = reads.oneByKey({
    call: "usersById",
    path: "/users",
    keys: repeated("id"),
    body: userBodies,
    keyOf: ({ id }) => id,
  });
  return {
    posts: async () => (await reads.get({ call: "posts", keys: 1, path: "/posts", body: postBodies })).body,
    userById: (id) => users.load(id),
  };
}

function postsSchema(): GraphQLSchema {
  const builder = new SchemaBuilder<{ Context: PostsContext; DefaultFieldNullability: false }>({
    defaultFieldNullability: false,
  });
  const UserType = builder.objectRef<User>("User").implement({
    fields: (t) => ({
      id: t.exposeInt("id"),
      name: t.exposeString("name"),
      username: t.exposeString("username"),
      email: t.exposeString("email"),
      phone: t.exposeString("phone", { nullable: true }),
      website: t.exposeString("website", { nullable: true }),
    }),
  });
  const PostType = builder.objectRef<Post>("Post").implement({
    fields: (t) => ({
      id: t.exposeInt("id"),
      userId: t.exposeInt("userId"),
      title: t.exposeString("title"),
      body: t.exposeString("body"),
      user: t.field({
        type: UserType,
        nullable: true,
        resolve: ({ userId }, _args, { userById }) => userById(userId),
      }),
    }),
  });
  builder.queryType({
    fields: (t) => ({
      greet: t.string({ resolve: () => "Hello World!" }),
      posts: t.field({
        type: [PostType],
        nullable: { list: true, items: true },
        resolve: (_root, _args, { posts }) => posts(),
      }),
    }),
  });
  return builder.toSchema({ directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective] });
}
