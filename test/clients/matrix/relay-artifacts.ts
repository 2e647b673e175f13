import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ConcreteRequest, ReaderFragment } from "relay-runtime";
import { definitions } from "./operations.ts";

/** The output of Relay's compiler for the cases. */
export interface RelayArtifacts {
  operation(name: string): ConcreteRequest;
  fragment(name: string): ReaderFragment;
}

const require = createRequire(import.meta.url);
/** The path of the compiler for this machine. */
const compiler: string = require("relay-compiler");

/** Compiles the cases with the printed schema in a temporary folder. */
export async function compileForRelay(): Promise<RelayArtifacts> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-relay-"));
  try {
    await writeProject(folder);
    await promisify(execFile)(compiler, ["--noWatchman", "--output", "quiet"], { cwd: folder });
    return await loadArtifacts(join(folder, "artifacts"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeProject(folder: string): Promise<void> {
  await Promise.all([mkdir(join(folder, "source")), mkdir(join(folder, "artifacts"))]);
  const schema = fileURLToPath(new URL("../../../schema/schema.graphql", import.meta.url));
  const config = {
    src: "./source",
    schema: "./schema.graphql",
    artifactDirectory: "./artifacts",
    language: "javascript",
    eagerEsModules: false,
  };
  await Promise.all([
    copyFile(schema, join(folder, "schema.graphql")),
    writeFile(join(folder, "relay.config.json"), JSON.stringify(config)),
    // The names of operations and fragments must start with the name of the file.
    writeFile(join(folder, "source", "country.js"), definitions.map((text) => `graphql\`${text}\`;\n`).join("")),
  ]);
}

async function loadArtifacts(folder: string): Promise<RelayArtifacts> {
  const operations = new Map<string, ConcreteRequest>();
  const fragments = new Map<string, ReaderFragment>();
  for (const file of await readdir(folder)) {
    const artifact: ConcreteRequest | ReaderFragment = require(join(folder, file));
    if (artifact.kind === "Request") operations.set(artifact.params.name, artifact);
    else fragments.set(artifact.name, artifact);
  }
  return { operation: (name) => get(operations, name), fragment: (name) => get(fragments, name) };
}

function get<Artifact>(artifacts: ReadonlyMap<string, Artifact>, name: string): Artifact {
  const artifact = artifacts.get(name);
  if (artifact === undefined) throw new Error(`Relay's compiler wrote no artifact for ${name}.`);
  return artifact;
}
