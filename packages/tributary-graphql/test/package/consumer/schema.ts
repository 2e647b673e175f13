import SchemaBuilder from "@pothos/core";
import { connectionTypes } from "tributary-graphql/pothos";
import type { Album, Artist, Label, Sources } from "./sources.ts";

const builder = new SchemaBuilder<{ Context: { sources: Sources } }>({});
const { connectionType, connectionArguments } = connectionTypes(builder);

const LabelType = builder.objectRef<Label>("Label").implement({
  fields: (t) => ({ id: t.exposeID("id"), name: t.exposeString("name") }),
});

const AlbumType = builder.objectRef<Album>("Album").implement({
  fields: (t) => ({
    title: t.exposeString("title"),
    label: t.field({ type: LabelType, resolve: ({ labelId }, _, { sources }) => sources.label(labelId) }),
  }),
});

const ArtistType = builder.objectRef<Artist>("Artist").implement({
  fields: (t) => ({
    name: t.exposeString("name"),
    albums: t.field({ type: [AlbumType], resolve: ({ id }, _, { sources }) => sources.albumsOf(id) }),
  }),
});

builder.queryType({
  fields: (t) => ({
    artists: t.field({
      type: connectionType(ArtistType),
      args: connectionArguments(t.arg, 100),
      resolve: (_, arguments_, { sources }) => sources.artists(arguments_),
    }),
  }),
});

export const schema = builder.toSchema();
