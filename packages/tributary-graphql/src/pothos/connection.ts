import type { ArgBuilder, ObjectRef, SchemaTypes } from "@pothos/core";
import { type PageSize, pageSizeKey } from "../core/cost-options.ts";
import { type Connection, defaultPageSize, type Page } from "../relay/connection.ts";

interface Edge<Item> {
  readonly node: Item;
  readonly page: Page<Item>;
  readonly index: number;
}

/** Creates the connection types of a schema. */
export interface ConnectionTypes<Types extends SchemaTypes> {
  /**
   * Creates the connection and edge types of a node type, `CityConnection` and `CityEdge`: Relay's fields, plus
   * `nodes` for clients that need no cursors, and `totalCount`. The page is read once for all of its fields, concurrently
   * with the count.
   */
  connectionType<Item extends object>(node: ObjectRef<Types, Item>): ObjectRef<Types, Connection<Item>>;
  /**
   * Relay's four arguments. Their descriptions name `maxPageSize`. The cost of the field counts as many items as they ask for:
   * it needs no `listSize`.
   */
  connectionArguments(t: ArgBuilder<Types>, maxPageSize: number): ReturnType<typeof argumentsOf<Types>>;
}

/**
 * Adds the type `PageInfo` to a schema, and returns functions for connections. Call it once per builder.
 *
 * @see https://relay.dev/graphql/connections.htm
 * @example
 * const { connectionType, connectionArguments } = connectionTypes(builder);
 * const CityConnection = connectionType(CityType);
 */
export function connectionTypes<Types extends SchemaTypes>(
  builder: PothosSchemaTypes.SchemaBuilder<Types>,
): ConnectionTypes<Types> {
  // The schema sets the default nullability, so each field here sets its own.
  const own = builder as unknown as PothosSchemaTypes.SchemaBuilder<NonNullTypes>;
  const PageInfoType = pageInfoType(own);
  return {
    connectionType: <Item extends object>(node: ObjectRef<Types, Item>) =>
      connectionTypeOf<Item>(
        own,
        node as unknown as ObjectRef<NonNullTypes, Item>,
        PageInfoType,
      ) as unknown as ObjectRef<Types, Connection<Item>>,
    connectionArguments: argumentsOf,
  };
}

type NonNullTypes = PothosSchemaTypes.ExtendDefaultTypes<{ DefaultFieldNullability: false }>;
type Builder = PothosSchemaTypes.SchemaBuilder<NonNullTypes>;

const pageInfoType = (builder: Builder): ObjectRef<NonNullTypes, Page<unknown>> =>
  builder.objectRef<Page<unknown>>("PageInfo").implement({
    description: "Information about a page of a list, as in Relay's cursor connections specification.",
    fields: (t) => ({
      hasNextPage: t.exposeBoolean("hasNextPage", {
        nullable: false,
        description: "Whether more items follow this page.",
      }),
      hasPreviousPage: t.exposeBoolean("hasPreviousPage", {
        nullable: false,
        description: "Whether other items precede this page.",
      }),
      startCursor: t.string({
        nullable: true,
        description:
          "The cursor of the first item; null on an empty page. Pass it as `before` to get the previous page.",
        resolve: (page) => (page.items.length === 0 ? null : page.cursorAt(0)),
      }),
      endCursor: t.string({
        nullable: true,
        description: "The cursor of the last item; null on an empty page. Pass it as `after` to get the next page.",
        resolve: (page) => (page.items.length === 0 ? null : page.cursorAt(page.items.length - 1)),
      }),
    }),
  });

function connectionTypeOf<Item extends object>(
  builder: Builder,
  node: ObjectRef<NonNullTypes, Item>,
  PageInfoType: ObjectRef<NonNullTypes, Page<unknown>>,
): ObjectRef<NonNullTypes, Connection<Item>> {
  const EdgeType = builder.objectRef<Edge<Item>>(`${node.name}Edge`).implement({
    description: `One item of a list of ${node.name}, with its cursor.`,
    fields: (t) => ({
      node: t.field({
        type: node,
        nullable: false,
        description: `The ${node.name}.`,
        resolve: (edge) => edge.node as never,
      }),
      cursor: t.string({
        nullable: false,
        description: "The cursor of this item, valid for the same list with the same filter and order.",
        resolve: ({ page, index }) => page.cursorAt(index),
      }),
    }),
  });
  return builder.objectRef<Connection<Item>>(`${node.name}Connection`).implement({
    description: `A page of a list of ${node.name}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeType],
        nullable: false,
        description: "The items of this page with their cursors.",
        resolve: async (connection) => {
          const page = await connection.page();
          return page.items.map((node, index) => ({ node, page, index }));
        },
      }),
      nodes: t.field({
        type: [node],
        nullable: false,
        description: "The items of this page.",
        resolve: async (connection) => (await connection.page()).items as never,
      }),
      pageInfo: t.field({
        type: PageInfoType,
        nullable: false,
        description: "Whether there are other pages, and the cursors of this one.",
        resolve: (connection) => connection.page(),
      }),
      totalCount: t.int({
        nullable: true,
        description: "The number of items in the whole list. Counted only if it is selected.",
        resolve: (connection) => connection.totalCount(),
      }),
    }),
  });
}

const argumentsOf = <Types extends SchemaTypes>(t: ArgBuilder<Types>, maxPageSize: number) => ({
  first: t.int({
    required: false,
    extensions: pageSize(maxPageSize),
    description: `The number of items from the start, 0 to ${maxPageSize}; ${defaultPageSize} if neither \`first\` nor \`last\` is set. Cannot be combined with \`last\`.`,
  }),
  after: t.string({ required: false, description: "Only items after the item with this cursor." }),
  last: t.int({
    required: false,
    extensions: pageSize(maxPageSize),
    description: `The number of items from the end, 0 to ${maxPageSize}. Cannot be combined with \`first\`.`,
  }),
  before: t.string({ required: false, description: "Only items before the item with this cursor." }),
});

const pageSize = (max: number): { readonly [pageSizeKey]: PageSize } => ({
  [pageSizeKey]: { default: defaultPageSize, max },
});
