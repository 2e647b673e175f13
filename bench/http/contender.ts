import { fileURLToPath } from "node:url";
import type { ServerCommand } from "../processes/server-process.ts";

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
  /** The npm package that its version is that of. */
  readonly package?: string;
  /** How it is started. @throws Error that says why this machine cannot: it "needs …" */
  prepare(sources: Sources): Promise<Omit<ServerCommand, "cores">>;
  /** Request bodies that replace those of the workload: the same query in its own syntax. */
  readonly bodies?: readonly string[];
  /** Whether it runs on all cores, beside the load, instead of on one of its own. */
  readonly usesAllCores?: boolean;
}

/** A file beside this one. */
export const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const sourceOptions = ({ upstream, database }: Sources): string[] => [
  "--upstream",
  upstream,
  ...(database === undefined ? [] : ["--database", database]),
];
