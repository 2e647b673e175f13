import { parseArgs } from "node:util";

/** What every peer is started with: `--upstream <url> --database <url> --port <n>`, and what it should do by `--mode`. */
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

/** Says to whoever started this process that it answers. */
export const listeningOn = (port, path = "/graphql") => console.log(`listening on http://127.0.0.1:${port}${path}`);
