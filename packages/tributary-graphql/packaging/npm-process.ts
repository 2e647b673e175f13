import { spawnSync } from "node:child_process";

/** npm sets its process title to its command (`npm pack …`); before that, `ps` shows its file. */
const npmCommand = /^npm |npm-cli\.js/;

/**
 * The process id of the npm that runs this script: an ancestor, as there may be a shell between. Undefined without npm or
 * without `ps`.
 */
export function npmProcess(): number | undefined {
  for (let pid = process.ppid; pid > 1; ) {
    const { stdout, status } = spawnSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { encoding: "utf8" });
    const [, parent, command = ""] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? "") ?? [];
    if (status !== 0 || parent === undefined) return undefined;
    if (npmCommand.test(command)) return pid;
    pid = Number(parent);
  }
  return undefined;
}
