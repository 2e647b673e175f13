import { fileURLToPath } from "node:url";
import type { ServerCommand } from "../processes/server-process.ts";

/** The URLs of the sources. */
export interface Sources {
  readonly upstream: string;
  /** URL of the PostgreSQL database with the pages; undefined if no workload needs it. */
  readonly database: string | undefined;
}

/** A server for a workload. */
export interface HttpContender {
  /** Its name for `--only`. */
  readonly name: string;
  /** Its name in the table. */
  readonly title: string;
  /** The npm package with its version. */
  readonly package?: string;
  /** Returns its command. @throws Error with the reason if the machine cannot run it: "needs …" */
  prepare(sources: Sources): Promise<Omit<ServerCommand, "cores">>;
  /** Request bodies that replace those of the workload, if its schema requires another query. */
  readonly bodies?: readonly string[];
  /** Whether it runs on all cores, including that of the load generator. */
  readonly usesAllCores?: boolean;
}

/** The path of a file relative to this folder. */
export const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const sourceOptions = ({ upstream, database }: Sources): string[] => [
  "--upstream",
  upstream,
  ...(database === undefined ? [] : ["--database", database]),
];
