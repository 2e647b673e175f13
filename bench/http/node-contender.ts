import { fileOf, type HttpContender, sourceOptions } from "./contender.ts";

/** A peer that runs on the same Node, written in a file of `bench/peers`. */
export const nodePeer = (name: string, title: string, script: string, mode = ""): HttpContender => ({
  name,
  title,
  prepare: async (sources) => ({
    command: [process.execPath, fileOf(`../peers/${script}`), ...sourceOptions(sources), "--mode", mode],
  }),
});
