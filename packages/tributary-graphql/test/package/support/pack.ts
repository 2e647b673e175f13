import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changesIn, createCheckout } from "tributary-testing/checkout.ts";
import type { GitFolder } from "tributary-testing/git-folder.ts";
import { runOrThrow } from "tributary-testing/run.ts";

/** The files that `npm pack` reads. */
const copied = [
  ...["package.json", "tsconfig.json", ".gitignore"],
  ...["package.json", "tsconfig.build.json", "LICENSE", "README.md", "packaging", "src"].map(
    (name) => `packages/tributary-graphql/${name}`,
  ),
];

/** A copy of these files, because packing changes package.json temporarily. */
export const copyForPacking = (): GitFolder => createCheckout(copied);

export interface Tarball extends Disposable {
  readonly path: string;
  /** The changes in the copy after packing. */
  readonly leftBehind: string;
}

/** The package, as `npm pack -w tributary-graphql` makes it. */
export async function pack(): Promise<Tarball> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-pack-"));
  using copy = copyForPacking();
  const packed = await runOrThrow(
    "npm",
    ["pack", "--workspace", "tributary-graphql", "--json", "--pack-destination", folder],
    { folder: copy.root },
  );
  const [name] = /tributary-graphql-[\w.-]+\.tgz/.exec(packed) ?? [];
  if (name === undefined) throw new Error(`npm pack named no tarball:\n${packed}`);
  const leftBehind = changesIn(copy);
  return {
    path: join(folder, name),
    leftBehind,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
