import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A git repository in a temporary folder. */
export interface GitFolder extends Disposable {
  readonly root: string;
  /** Writes files, by their paths from the root. */
  write(files: Readonly<Record<string, string>>): void;
  git(...args: string[]): string;
  /** Writes files and commits everything; returns the commit's id. */
  commit(files: Readonly<Record<string, string>>): string;
}

/** An empty repository on the branch `main`. It ignores the git settings of this machine and of a surrounding git hook. */
export function createGitFolder(): GitFolder {
  const root = mkdtempSync(join(tmpdir(), "tributary-git-"));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(inherited), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", root, ...args], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.org");
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  return {
    root,
    write,
    git,
    commit: (files) => {
      write(files);
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", "A change");
      return git("rev-parse", "HEAD");
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
