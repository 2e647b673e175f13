import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CheckError } from "./command-error.ts";

const execute = promisify(execFile);

/** The output of git, without the last line break; undefined when git fails. Throws {@link CheckError} without git. */
export async function git(root: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await execute("git", ["-C", root, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.replace(/\n$/, "");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing) throw new CheckError("git is needed to compare the schema with an earlier one, and was not found.");
    return undefined;
  }
}

/** The id of a commit, or undefined when `ref` names none. */
export const commitOf = (root: string, ref: string): Promise<string | undefined> =>
  git(root, "rev-parse", "--quiet", "--verify", `${ref}^{commit}`);

/** The text of a file as it was at a commit; undefined when it was not there. */
export const fileAt = (root: string, commit: string, path: string): Promise<string | undefined> =>
  git(root, "show", `${commit}:./${path}`);

/** The paths directly in a folder at a commit, relative to the root. */
export async function pathsAt(root: string, commit: string, folder: string): Promise<string[]> {
  const listed = await git(root, "ls-tree", "-z", "--name-only", commit, "--", `./${folder}/`);
  return listed ? listed.split("\0").filter((path) => path !== "") : [];
}
