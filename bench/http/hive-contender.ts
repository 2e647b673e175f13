import { access } from "node:fs/promises";
import { freePort } from "../processes/free-port.ts";
import { fileOf, type HttpContender } from "./contender.ts";

const program = fileOf("../node_modules/@graphql-hive/gateway/dist/bin.js");

/** Hive Gateway, started with its command, with a supergraph of one REST service. */
export const hiveGateway: HttpContender = {
  name: "hive",
  title: "Hive Gateway",
  package: "@graphql-hive/gateway",
  prepare: async ({ upstream }) => {
    await access(program).catch(() => {
      throw new Error("needs the package @graphql-hive/gateway");
    });
    const port = await freePort();
    return {
      command: [process.execPath, program, "supergraph", "-c", fileOf("../peers/hive/gateway.config.js")],
      environment: { UPSTREAM: upstream, PORT: String(port) },
      url: `http://127.0.0.1:${port}/graphql`,
    };
  },
};
