import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

export interface PageHost {
  readonly origin: string;
  close(): Promise<void>;
}

const html = `<!doctype html><title>GraphiQL</title><div id="app"></div><script type="module">
import { showGraphiQL } from "/graphiql.js";
showGraphiQL(new URLSearchParams(location.search).get("url"), document.getElementById("app"));
</script>`;

/** Serves stock GraphiQL on a free port, bundled without style sheets. */
export async function startGraphiQLPage(): Promise<PageHost> {
  const script = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url === "/graphiql.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? script : html);
  });
  const listening = once(server, "listening");
  server.listen(0, "127.0.0.1");
  await listening;
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bundle(): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL("../page/stock-graphiql.ts", import.meta.url)),
    platform: "browser",
    moduleTypes: { ".css": "empty", ".ttf": "empty" },
    transform: { define: { "process.env.NODE_ENV": '"production"' } },
    logLevel: "silent",
  });
  try {
    const { output } = await build.generate({ format: "esm", codeSplitting: false });
    return output[0].code;
  } finally {
    await build.close();
  }
}
