import { fileOf, type HttpContender, sourceOptions } from "./contender.ts";

const packages: Readonly<Record<string, string>> = {
  mercurius: "mercurius",
  yoga: "graphql-yoga",
  apollo: "@apollo/server",
  postgraphile: "postgraphile",
};

/** A peer on the same Node, from a file in `bench/peers`. */
export const nodePeer = (name: string, title: string, script: string, mode = ""): HttpContender => ({
  name,
  title,
  ...(packages[name] !== undefined && { package: packages[name] }),
  prepare: async (sources) => ({
    command: [process.execPath, fileOf(`../peers/${script}`), ...sourceOptions(sources), "--mode", mode],
  }),
});
