import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGitFolder, type GitFolder } from "./git-folder.ts";

export const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** The status of an unchanged checkout, which has a link to the repository's packages. */
export const cleanStatus = "!! node_modules";

/** The git status of a checkout, with ignored files. */
export const changesIn = ({ git }: GitFolder): string => git("status", "--porcelain", "--ignored");

/**
 * A new git repository with some files and folders of this one, committed, and a link to its packages. For tests that
 * change a work tree, which must not affect tests that run in parallel.
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
  // For git the link is a file, which the pattern `node_modules/` does not match.
  folder.write({ ".git/info/exclude": "node_modules\n" });
  return folder;
}
