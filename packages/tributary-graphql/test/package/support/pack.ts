import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGitFolder, type GitFolder } from "tributary-testing/git-folder.ts";
import { runWell } from "./run.ts";

export const repository = fileURLToPath(new URL("../../../../..", import.meta.url));

/** What `npm pack` reads: the rest of the repository stays behind. */
const copied = [
  ...["package.json", "tsconfig.json", ".gitignore"],
  ...["package.json", "tsconfig.build.json", "LICENSE", "README.md", "packaging", "src"].map(
    (name) => `packages/tributary-graphql/${name}`,
  ),
];

/** A checkout of what is packed: packing switches package.json for a moment, which would be seen by tests beside this one. */
export function copyForPacking(): GitFolder {
  const folder = createGitFolder();
  mkdirSync(join(folder.root, "packages/tributary-graphql"), { recursive: true });
  for (const path of copied) cpSync(join(repository, path), join(folder.root, path), { recursive: true });
  folder.commit({});
  symlinkSync(join(repository, "node_modules"), join(folder.root, "node_modules"));
  // Git takes the link for a file, which the repository's `node_modules/` does not name.
  folder.write({ ".git/info/exclude": "node_modules\n" });
  return folder;
}

/** What git sees of a checkout that nothing was changed in: the link to the repository's packages. */
export const untouched = "!! node_modules";

/** The changes of a checkout, files that git ignores included. */
export const changesIn = ({ git }: GitFolder): string => git("status", "--porcelain", "--ignored");

export interface Tarball extends Disposable {
  readonly path: string;
  /** The changes of the checkout after packing. */
  readonly leftBehind: string;
}

/** The package, as `npm pack -w tributary-graphql` makes it. */
export async function pack(): Promise<Tarball> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-pack-"));
  using copy = copyForPacking();
  const packed = await runWell(
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
