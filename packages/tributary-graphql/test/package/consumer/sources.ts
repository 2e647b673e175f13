import type { RequestScope } from "tributary-graphql";
import { type Connection, type ConnectionArguments, connection } from "tributary-graphql/relay";
import { createRestReads, createUpstream, repeated, type Upstream } from "tributary-graphql/rest";
import { createReads, type Database, openDatabase } from "tributary-graphql/sql";
import { z } from "zod";

export interface Artist {
  readonly id: number;
  readonly name: string;
}

export interface Album {
  readonly id: number;
  readonly artistId: number;
  readonly title: string;
  readonly labelId: string;
}

export interface Label {
  readonly id: string;
  readonly name: string;
}

interface Tables {
  artist: { id: number; name: string };
  album: { id: number; artist_id: number; title: string; label_id: string };
}

export interface Connections {
  readonly database: Database<Tables>;
  readonly labels: Upstream;
}

/** The readers of one request. */
export interface Sources {
  artists(arguments_: ConnectionArguments): Connection<Artist>;
  albumsOf(artistId: number): Promise<readonly Album[]>;
  label(id: string): Promise<Label | null>;
}

export const openConnections = async (databaseUrl: string, labelsUrl: string): Promise<Connections> => ({
  database: await openDatabase<Tables>(databaseUrl),
  labels: createUpstream({ name: "labels", baseUrl: labelsUrl }),
});

const byName = [
  { column: "name", direction: "asc", type: "text" },
  { column: "id", direction: "asc", type: "integer" },
] as const;

export function createSources({ database, labels }: Connections, scope: RequestScope): Sources {
  const reads = createReads(database, scope);
  const artists = reads.page({ call: "artists", table: "artist", orderBy: byName });
  const countArtists = reads.count({ call: "countArtists", table: "artist" });
  const albums = reads.manyByKey({ call: "albumsByArtist", table: "album", key: "artist_id" });
  const labelById = createRestReads(labels, scope).oneByKey({
    call: "labelsById",
    path: "/labels",
    keys: repeated("id"),
    body: z.array(z.object({ id: z.string(), name: z.string() })),
    keyOf: ({ id }) => id,
  });
  return {
    artists: (arguments_) =>
      connection(
        arguments_,
        { madeFor: "artists", orderBy: byName, maxPageSize: 100 },
        {
          page: (window) => artists.load({ window }),
          totalCount: () => countArtists.load(),
          toItem: ({ id, name }) => ({ id, name }),
        },
      ),
    albumsOf: async (artistId) => {
      const rows = await albums.load(artistId);
      return rows.map(({ id, artist_id, title, label_id }) => ({ id, artistId: artist_id, title, labelId: label_id }));
    },
    label: (id) => labelById.load(id),
  };
}
