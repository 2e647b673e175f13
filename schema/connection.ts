import type { ArgBuilder, ObjectRef } from "@pothos/core";
import type { Connection, Page } from "../datasources/connection.ts";
import { defaultPageSize } from "../resolvers/limits.ts";
import { builder } from "./builder.ts";

type Types = typeof builder.$inferSchemaTypes;

interface Edge<Item> {
  readonly node: Item;
  readonly page: Page<Item>;
  readonly index: number;
}

const PageInfoType = builder.objectRef<Page<unknown>>("PageInfo").implement({
  description: "Where a page lies in its list (Relay's cursor connections specification).",
  fields: (t) => ({
    hasNextPage: t.exposeBoolean("hasNextPage", { description: "Whether the list goes on after this page." }),
    hasPreviousPage: t.exposeBoolean("hasPreviousPage", { description: "Whether the list begins before this page." }),
    startCursor: t.string({
      nullable: true,
      description: "The cursor of the first item; null on an empty page. Pass it as `before` to go back.",
      resolve: (page) => (page.items.length === 0 ? null : page.cursorAt(0)),
    }),
    endCursor: t.string({
      nullable: true,
      description: "The cursor of the last item; null on an empty page. Pass it as `after` to go on.",
      resolve: (page) => (page.items.length === 0 ? null : page.cursorAt(page.items.length - 1)),
    }),
  }),
});

/**
 * The connection and edge types of a node type, `CityConnection` and `CityEdge`: Relay's, plus `nodes` for clients who
 * need no cursor and `totalCount`. A page is read once for all of its fields, and beside the count.
 */
export function connectionType<Item extends object>(node: ObjectRef<Types, Item>) {
  const EdgeType = builder.objectRef<Edge<Item>>(`${node.name}Edge`).implement({
    description: `One item of a list of ${node.name}, with its cursor.`,
    fields: (t) => ({
      node: t.field({ type: node, description: `The ${node.name}.`, resolve: (edge) => edge.node as never }),
      cursor: t.string({
        description: "Where this item stands in its list; good for the same list with the same filter and order.",
        resolve: ({ page, index }) => page.cursorAt(index),
      }),
    }),
  });
  return builder.objectRef<Connection<Item>>(`${node.name}Connection`).implement({
    description: `A page of a list of ${node.name}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeType],
        description: "The items of this page with their cursors.",
        resolve: async (connection) => {
          const page = await connection.page();
          return page.items.map((node, index) => ({ node, page, index }));
        },
      }),
      nodes: t.field({
        type: [node],
        description: "The items of this page.",
        resolve: async (connection) => (await connection.page()).items as never,
      }),
      pageInfo: t.field({
        type: PageInfoType,
        description: "Where this page lies in the list.",
        resolve: (connection) => connection.page(),
      }),
      totalCount: t.int({
        nullable: true,
        description: "How many items the whole list has, all pages together. Counted only when asked for.",
        resolve: (connection) => connection.totalCount(),
      }),
    }),
  });
}

export type ArgumentBuilder = ArgBuilder<Types>;

/** Relay's four arguments, with the sizes that a list allows in their descriptions. */
export const connectionArguments = (t: ArgumentBuilder, maxPageSize: number) => ({
  first: t.int({
    description: `Take this many from the start, 0 to ${maxPageSize}; ${defaultPageSize} when neither \`first\` nor \`last\` is given. Not together with \`last\`.`,
  }),
  after: t.string({ description: "Take only what comes after the item with this cursor." }),
  last: t.int({ description: `Take this many from the end, 0 to ${maxPageSize}. Not together with \`first\`.` }),
  before: t.string({ description: "Take only what comes before the item with this cursor." }),
});
