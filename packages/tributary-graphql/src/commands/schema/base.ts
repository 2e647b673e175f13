import { appPaths } from "../app-paths.ts";
import { CommandError } from "../command-error.ts";
import { commitOf, git } from "../git.ts";

/** The base of a comparison. Without a commit there is none. */
export interface Base {
  readonly commit?: string;
  /** The object of "compared with"; without a commit, the clause after "compared with nothing, because". */
  readonly description: string;
}

/** The file to compare. */
export interface Compared {
  /** Relative to the root. */
  readonly path: string;
  /** Its name in messages. */
  readonly noun: string;
}

const schemaOfApp = (): Compared => ({ path: appPaths().printedSchema, noun: "schema" });

const noCommit = /^0*$/;

/**
 * Chooses the commit to compare with:
 * - `ref`, unless it is empty or all zeros, as git hosts report a new branch;
 * - on a branch, its merge base with `origin/main` (or `main`), so that later changes of main do not count;
 * - on main, HEAD if there are uncommitted changes, otherwise the commit before the last change of the compared file (by
 *   default the schema), so that a clean checkout of main checks that change.
 *
 * @throws CommandError when `ref` is not a commit, and outside a git repository
 */
export async function chooseBase(root: string, ref = "", compared: Compared = schemaOfApp()): Promise<Base> {
  const isCheckout = (await git(root, "rev-parse", "--git-dir")) !== undefined;
  if (!isCheckout) {
    throw new CommandError(
      `${root} is not in a git repository, and the ${compared.noun} has to be compared with an earlier commit.`,
    );
  }
  if (!noCommit.test(ref)) return baseOf(root, ref);
  const head = await commitOf(root, "HEAD");
  if (head === undefined) return { description: "the repository has no commit" };
  const fork = await forkPoint(root);
  if (fork && fork.commit !== head) return fork;
  const uncommitted = await git(root, "status", "--porcelain");
  if (uncommitted) return { commit: head, description: "HEAD" };
  return beforeLastChange(root, compared);
}

async function baseOf(root: string, ref: string): Promise<Base> {
  const commit = await commitOf(root, ref);
  if (commit) return { commit, description: ref };
  throw new CommandError(`The base "${ref}" is not a commit of this repository. In a shallow clone, fetch it first.`);
}

async function forkPoint(root: string): Promise<{ commit: string; description: string } | undefined> {
  for (const main of ["origin/main", "main"]) {
    const commit = await git(root, "merge-base", "HEAD", main);
    if (commit) return { commit, description: `the merge base with ${main}` };
  }
  return undefined;
}

async function beforeLastChange(root: string, { path, noun }: Compared): Promise<Base> {
  const changed = await git(root, "log", "-1", "--first-parent", "--format=%H", "HEAD", "--", path);
  const commit = changed ? await commitOf(root, `${changed}^1`) : undefined;
  if (commit) return { commit, description: `the commit before the last change of the ${noun}` };
  return { description: `the history has no earlier ${noun}` };
}
