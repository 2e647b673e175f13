import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ, the unit of CPU time in /proc: 100 on common Linux systems. */
const ticksPerSecond = 100;

/** CPU time of a process and its descendants since their start, in milliseconds, including exited ones. Linux only. */
export function cpuMs(pid: number): number {
  const own = readStat(pid);
  if (own === undefined) return 0;
  return (own.ticks * 1000) / ticksPerSecond + sum(childrenOf(pid).map(cpuMs));
}

/** Resident memory of a process and its descendants in bytes; shared memory counts for each process. Linux only. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readProc(`${pid}/status`) ?? "")?.[1];
  return Number(kilobytes ?? 0) * 1024 + sum(childrenOf(pid).map(residentBytes));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/** utime, stime, cutime and cstime: fields 14 to 17. The name before them may have spaces and parentheses. */
function readStat(pid: number): { readonly ticks: number } | undefined {
  const stat = readProc(`${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { ticks: sum(fields.slice(11, 15).map(Number)) };
}

/** The children are listed by thread. */
function childrenOf(pid: number): number[] {
  const threads = readFolder(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    (readProc(`${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
  );
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    // The process has exited.
    return undefined;
  }
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
