import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { createGateway } from "../../../src/gateway/gateway.ts";
import { serve } from "../../../src/server/serve.ts";
import { defineSettings } from "../../../src/server/settings/define-settings.ts";
import { oneOf } from "../../../src/server/settings/value-kinds.ts";

/** The start file of an app that fails where a test tells it to, and logs its steps. */
const settings = defineSettings({
  FAILS_AT: { meaning: "the step that fails", kind: oneOf(["load", "open", "shared"]) },
});

const say = (text: string): void => console.error(`${text}, pid ${process.pid}`);

await serve({
  settings,
  createShared: ({ config }) => ({
    async open() {
      say("shared opens");
      if (config.failsAt === "shared") throw new Error("The shared service does not start.");
      return { openedBy: process.pid };
    },
    close: async () => say("shared closes"),
  }),
  createApp: ({ config, gateway, shared }) => {
    if (config.failsAt === "load") throw new TypeError("a slip in the code");
    let openedBy = 0;
    const Query = new GraphQLObjectType({
      name: "Query",
      fields: {
        hello: { type: GraphQLString, resolve: () => "world" },
        openedBy: { type: GraphQLInt, resolve: () => openedBy },
      },
    });
    return {
      gateway: createGateway({ ...gateway, schema: new GraphQLSchema({ query: Query }) }),
      async open() {
        ({ openedBy } = await shared);
        say("app opens");
        if (config.failsAt === "open") throw new Error("The database does not open.");
      },
      close: async () => say("app closes"),
    };
  },
});
