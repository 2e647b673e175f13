import { access, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../processes/free-port.ts";
import { fileOf, type HttpContender } from "./contender.ts";

const binary = fileOf("../node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall");

/** Tailcall, a gateway in Rust, with the configuration of its own benchmark and batches; `dedupe` shares identical calls. */
export const tailcall = ({ dedupe }: { readonly dedupe: boolean }): HttpContender => ({
  name: dedupe ? "tailcall-dedupe" : "tailcall",
  package: "@tailcallhq/core-linux-x64-gnu",
  title: dedupe ? "Tailcall, `dedupe: true`" : "Tailcall",
  prepare: async ({ upstream }) => {
    await access(binary).catch(() => {
      throw new Error("needs the package @tailcallhq/core-linux-x64-gnu, which is for Linux on x64");
    });
    const port = await freePort();
    const file = join(await mkdtemp(join(tmpdir(), "tributary-bench-")), "posts.graphql");
    await writeFile(file, configuration(upstream, port, dedupe));
    return {
      command: [binary, "start", file],
      environment: { TAILCALL_LOG_LEVEL: "error", TAILCALL_TRACKER: "false" },
      url: `http://127.0.0.1:${port}/graphql`,
    };
  },
});

function configuration(upstream: string, port: number, dedupe: boolean): string {
  const shared = dedupe ? ", dedupe: true" : "";
  return `schema
  @server(port: ${port}, hostname: "127.0.0.1")
  @upstream(poolMaxIdlePerHost: 200, tcpKeepAlive: 60, batch: { maxSize: 1000, delay: 1 }) {
  query: Query
}

type Query {
  greet: String! @expr(body: "Hello World!")
  posts: [Post] @http(url: "${upstream}/posts"${shared})
}

type Post {
  id: Int!
  userId: Int!
  title: String!
  body: String!
  user: User
    @http(url: "${upstream}/users", query: [{ key: "id", value: "{{.value.userId}}" }], batchKey: ["id"]${shared})
}

type User {
  id: Int!
  name: String!
  username: String!
  email: String!
  phone: String
  website: String
}
`;
}
