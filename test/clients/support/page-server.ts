import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createViteServer } from "vitest/node";

/** The folder with the installed clients. */
const root = fileURLToPath(new URL("..", import.meta.url));
/** Vite may serve files of the whole repository, because the tests import files above their folder. */
const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** A development server on another origin than the gateway. */
export interface PageServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves the modules of `test/clients` and their imports to a browser with Vite. */
export async function startPageServer(): Promise<PageServer> {
  const cacheDir = await mkdtemp(join(tmpdir(), "tributary-vite-"));
  const vite = await createViteServer({
    root,
    cacheDir,
    configFile: false,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null, fs: { allow: [repository] } },
    optimizeDeps: {
      noDiscovery: true,
      include: ["@apollo/client", "@apollo/client/incremental", "@apollo/client/utilities"],
    },
  });
  const server = createServer((request, response) => {
    vite.middlewares(request, response, () => {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>A page</title>");
    });
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
      await Promise.all([closed, vite.close()]);
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}
