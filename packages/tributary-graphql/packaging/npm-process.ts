import { spawnSync } from "node:child_process";

/** npm calls its process by its command (`npm pack …`), or is seen by its file. */
const npmCommand = /^npm |npm-cli\.js/;

/**
 * The process id of the npm that runs this script: not always the parent, since there may be a shell between. Undefined
 * where there is none, or no `ps` to find it.
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
