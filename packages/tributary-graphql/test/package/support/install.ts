import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrThrow } from "tributary-testing/run.ts";
import { pack } from "./pack.ts";

const consumer = fileURLToPath(new URL("../consumer", import.meta.url));

/** The packages that an app installs beside it, in the versions of this repository. */
const besides = ["graphql", "kysely", "@pothos/core", "zod", "@types/node"];

/** A strict configuration that also checks the declarations of packages. */
const compilerOptions = { strict: true, module: "nodenext", target: "es2024", lib: ["es2024", "esnext.disposable"] };
const tsconfig = {
  compilerOptions: {
    ...compilerOptions,
    ...{ types: ["node"], noEmit: true, skipLibCheck: false, erasableSyntaxOnly: true },
    ...{ allowImportingTsExtensions: true, verbatimModuleSyntax: true },
  },
};

export interface Installed extends Disposable {
  /** The folder of an app, with `node_modules`. */
  readonly folder: string;
}

/** Packs the package, installs the tarball into an empty folder, and copies the app of `consumer/` there. */
export async function install(versionOf: (name: string) => string): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-installed-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  using tarball = await pack();
  const packages = [tarball.path, ...besides.map((name) => `${name}@${versionOf(name)}`)];
  await runOrThrow("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], { folder });
  cpSync(consumer, folder, { recursive: true });
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
