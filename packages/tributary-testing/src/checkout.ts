import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGitFolder, type GitFolder } from "./git-folder.ts";

export const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** The status of an unchanged checkout: the link to the repository's packages. */
export const untouched = "!! node_modules";

/** The changes of a checkout, files that git ignores included. */
export const changesIn = ({ git }: GitFolder): string => git("status", "--porcelain", "--ignored");

/**
 * A checkout of some files and folders of this repository, committed, with its packages: for what changes a work tree,
 * which tests beside this one would see.
 *
 * @param paths relative to the root
 */
export function createCheckout(paths: readonly string[]): GitFolder {
  const folder = createGitFolder();
  for (const path of paths) {
    mkdirSync(dirname(join(folder.root, path)), { recursive: true });
    cpSync(join(repository, path), join(folder.root, path), { recursive: true });
  }
  folder.commit({});
  symlinkSync(join(repository, "node_modules"), join(folder.root, "node_modules"));
  // Git takes the link for a file, which `node_modules/` does not name.
  folder.write({ ".git/info/exclude": "node_modules\n" });
  return folder;
}
