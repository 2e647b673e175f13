import { fileURLToPath } from "node:url";
import type { WorkloadName } from "./workloads.ts";

/** Where what everybody reads is. */
export interface Sources {
  readonly upstream: string;
  /** URL of the PostgreSQL database with the pages; undefined where no workload needs it. */
  readonly database: string | undefined;
}

/** A server that answers a workload. */
export interface HttpContender {
  /** As it is chosen on the command line. */
  readonly name: string;
  /** As the table names it. */
  readonly title: string;
  command(sources: Sources): readonly string[];
  /** Why it cannot run on this machine; undefined when it can. */
  unavailable?(): Promise<string | undefined>;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const sourceOptions = ({ upstream, database }: Sources): string[] => [
  "--upstream",
  upstream,
  ...(database === undefined ? [] : ["--database", database]),
];

/** The gateway, with more options behind those of its graph. */
const ours = (graph: "posts" | "pages", name = "ours", title = "Tributary", options: string[] = []): HttpContender => ({
  name,
  title,
  command: (sources) => [
    process.execPath,
    file("../server.ts"),
    "--graph",
    graph,
    ...sourceOptions(sources),
    ...options,
  ],
});

const peer = (name: string, title: string, script: string, mode = ""): HttpContender => ({
  name,
  title,
  command: (sources) => [process.execPath, file(`../peers/${script}`), ...sourceOptions(sources), "--mode", mode],
});

export const byHandName = "by-hand";

const byHand = (mode: string) => peer(byHandName, "by hand", "by-hand.js", mode);

/** Who answers which workload. The first is what the others are compared with. */
export const contendersOf: Readonly<Record<WorkloadName, readonly HttpContender[]>> = {
  greet: [
    peer(byHandName, "`node:http` alone", "raw-greet.js"),
    peer("by-hand-body", "by hand, reading the body", "by-hand.js", "greet"),
    ours("posts"),
  ],
  posts: [byHand("posts"), ours("posts")],
  variables: [byHand("posts"), ours("posts")],
  identical: [byHand("posts"), ours("posts")],
  titles: [byHand("titles"), ours("posts")],
  pages: [
    peer(byHandName, "by hand", "by-hand-pages.js"),
    peer("by-hand-two", "by hand, one look-up less", "by-hand-pages.js", "two"),
    ours("pages"),
  ],
};
