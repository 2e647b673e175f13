import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CommandError } from "./command-error.ts";

const execute = promisify(execFile);

/** The output of git without the last line feed; undefined when git fails. @throws CommandError when git is not installed */
export async function git(root: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await execute("git", ["-C", root, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.replace(/\n$/, "");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing) throw new CommandError("git was not found: install it, to compare with an earlier commit.");
    return undefined;
  }
}

/** The id of a commit; undefined if `ref` is not a commit. */
export const commitOf = (root: string, ref: string): Promise<string | undefined> =>
  git(root, "rev-parse", "--quiet", "--verify", `${ref}^{commit}`);

/** The text of a file at a commit; undefined if the commit does not have it. */
export const fileAt = (root: string, commit: string, path: string): Promise<string | undefined> =>
  git(root, "show", `${commit}:./${path}`);

/** The paths directly in a folder at a commit, relative to the root. */
export async function pathsAt(root: string, commit: string, folder: string): Promise<string[]> {
  const listed = await git(root, "ls-tree", "-z", "--name-only", commit, "--", `./${folder}/`);
  return listed ? listed.split("\0").filter((path) => path !== "") : [];
}
