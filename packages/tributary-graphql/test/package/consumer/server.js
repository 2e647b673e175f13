import { GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { createGateway } from "tributary-graphql";
import { createRestReads, createUpstream, repeated } from "tributary-graphql/rest";
import { createReads, openDatabase } from "tributary-graphql/sql";
import { z } from "zod";

const database = await openDatabase(process.env.DATABASE_URL ?? "");
const labels = createUpstream({ name: "labels", baseUrl: process.env.LABELS_URL ?? "" });

function createSources(scope) {
  const reads = createReads(database, scope);
  return {
    artists: () => reads.query("artists", 1, database.db.selectFrom("artist").selectAll().orderBy("name")),
    albumsByArtist: reads.manyByKey({ call: "albumsByArtist", table: "album", key: "artist_id" }),
    labelById: createRestReads(labels, scope).oneByKey({
      call: "labelsById",
      path: "/labels",
      keys: repeated("id"),
      body: z.array(z.object({ id: z.string(), name: z.string() })),
      keyOf: ({ id }) => id,
    }),
  };
}

const Label = new GraphQLObjectType({ name: "Label", fields: { name: { type: GraphQLString } } });

const Album = new GraphQLObjectType({
  name: "Album",
  fields: {
    title: { type: GraphQLString },
    label: { type: Label, resolve: (album, _, { sources }) => sources.labelById.load(album.label_id) },
  },
});

const Artist = new GraphQLObjectType({
  name: "Artist",
  fields: {
    name: { type: GraphQLString },
    albums: {
      type: new GraphQLList(Album),
      resolve: (artist, _, { sources }) => sources.albumsByArtist.load(artist.id),
    },
  },
});

const Query = new GraphQLObjectType({
  name: "Query",
  fields: { artists: { type: new GraphQLList(Artist), resolve: (_, __, { sources }) => sources.artists() } },
});

const gateway = createGateway({
  schema: new GraphQLSchema({ query: Query }),
  createContext: (scope) => ({ sources: createSources(scope) }),
});
const { url } = await gateway.listen({ port: 0 });
console.log(`listening on ${url}`);
