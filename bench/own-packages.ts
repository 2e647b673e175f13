import { registerHooks } from "node:module";

const bench = new URL("./", import.meta.url).href;
const peers = [`${bench}node_modules/`, `${bench}peers/`];
const ownManifest = new URL("../package.json", import.meta.url).href;

/**
 * Has our files of this folder find packages where the gateway finds them. Those of the peers lie nearer, in
 * `bench/node_modules`, and a schema made with another copy of graphql would be nothing that the gateway could serve.
 *
 * Files that need it are loaded by `import()` after this was called.
 */
export function useOwnPackages(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = context.parentURL ?? "";
      const isBare = !/^(\.|\/|node:|file:|data:|#)/.test(specifier);
      const isOurs = parent.startsWith(bench) && !peers.some((folder) => parent.startsWith(folder));
      return nextResolve(specifier, isBare && isOurs ? { ...context, parentURL: ownManifest } : context);
    },
  });
}
