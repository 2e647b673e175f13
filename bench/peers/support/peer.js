import { parseArgs } from "node:util";

/** The command-line options of a peer: `--upstream <url> --database <url> --port <n> --mode <mode>`. */
export function peerOptions() {
  const { values } = parseArgs({
    options: {
      upstream: { type: "string" },
      database: { type: "string" },
      port: { type: "string", default: "0" },
      mode: { type: "string", default: "" },
    },
  });
  return { ...values, port: Number(values.port) };
}

/** Tells the parent process that the server is ready. */
export const listeningOn = (port, path = "/graphql") => console.log(`listening on http://127.0.0.1:${port}${path}`);
