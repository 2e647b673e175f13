import { registerHooks } from "node:module";

const bench = new URL("./", import.meta.url).href;
const peers = [`${bench}node_modules/`, `${bench}peers/`];
const ownManifest = new URL("../package.json", import.meta.url).href;

/**
 * Resolves packages for the benchmark's own files from the root, like the gateway. By default Node would resolve the
 * packages of the peers in `bench/node_modules`, and the gateway cannot serve a schema from another copy of graphql.
 *
 * Must be called before these files are imported, with `import()`.
 */
export function useOwnPackages(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = context.parentURL ?? "";
      const isBare = !/^(\.|\/|node:|file:|data:|#)/.test(specifier);
      const isOwn = parent.startsWith(bench) && !peers.some((folder) => parent.startsWith(folder));
      return nextResolve(specifier, isBare && isOwn ? { ...context, parentURL: ownManifest } : context);
    },
  });
}
