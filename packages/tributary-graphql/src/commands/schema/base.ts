import { pathsOfApp } from "../app-paths.ts";
import { CheckError } from "../command-error.ts";
import { commitOf, git } from "../git.ts";

/** The base of the comparison. Without a commit there is nothing to break yet. */
export interface Base {
  readonly commit?: string;
  /** Which state that is, in words that fit after "compared with"; without a commit, why there is none. */
  readonly description: string;
}

/** The compared schema, for the history and for messages. */
export interface Compared {
  /** The file that a change of it changes, relative to the root. */
  readonly path: string;
  readonly noun: string;
}

const schemaOfApp = (): Compared => ({ path: pathsOfApp().printedSchema, noun: "schema" });

const noCommit = /^0*$/;

/**
 * The state that clients know, as a commit:
 * - the `asked` ref, literally, when there is one (all zeros, as a host reports a new branch, counts as none);
 * - on a branch, where it left `origin/main` (or `main`): what others merged since is not this branch's doing;
 * - on main itself, HEAD while there is uncommitted work, and else the state before the last change of what is
 *   compared (by default the schema), so that a clean checkout of main checks that change again and not nothing.
 *
 * Throws {@link CheckError} when `asked` names no commit, and outside a git checkout.
 */
export async function chooseBase(root: string, asked = "", compared: Compared = schemaOfApp()): Promise<Base> {
  const isCheckout = (await git(root, "rev-parse", "--git-dir")) !== undefined;
  if (!isCheckout) {
    throw new CheckError(`The ${compared.noun} is compared with an earlier commit, and git sees none in ${root}.`);
  }
  if (!noCommit.test(asked)) return askedBase(root, asked);
  const head = await commitOf(root, "HEAD");
  if (head === undefined) return { description: "git has no commit here" };
  const fork = await forkPoint(root);
  if (fork && fork.commit !== head) return fork;
  const uncommitted = await git(root, "status", "--porcelain");
  if (uncommitted) return { commit: head, description: "HEAD" };
  return beforeLastChange(root, compared);
}

async function askedBase(root: string, asked: string): Promise<Base> {
  const commit = await commitOf(root, asked);
  if (commit) return { commit, description: asked };
  throw new CheckError(`The base "${asked}" names no commit here. In a shallow clone, fetch it first.`);
}

async function forkPoint(root: string): Promise<{ commit: string; description: string } | undefined> {
  for (const main of ["origin/main", "main"]) {
    const commit = await git(root, "merge-base", "HEAD", main);
    if (commit) return { commit, description: `where this branch left ${main}` };
  }
  return undefined;
}

async function beforeLastChange(root: string, { path, noun }: Compared): Promise<Base> {
  const changed = await git(root, "log", "-1", "--first-parent", "--format=%H", "HEAD", "--", path);
  const commit = changed ? await commitOf(root, `${changed}^1`) : undefined;
  if (commit) return { commit, description: `the state before the ${noun}'s last change` };
  return { description: `the history has no earlier ${noun}` };
}
