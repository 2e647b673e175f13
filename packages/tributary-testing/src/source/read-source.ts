import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { parseSync } from "rolldown/utils";
import { nodesOf, stringAt } from "./nodes.ts";
import { sideEffectsOf } from "./side-effects.ts";
import type { Import, SourceFile } from "./source-file.ts";

const skipped = new Set(["node_modules", ".git", ".data", "coverage", "bench", "dist"]);

/** All TypeScript files below `root`, except declarations and generated files. */
export function readSourceFiles(root: string): SourceFile[] {
  return pathsBelow(root, "")
    .filter((path) => path.endsWith(".ts") && !/\.(d|generated)\.ts$/.test(path))
    .map((path) => parseSourceFile(path, readFileSync(join(root, path), "utf8")));
}

/** Parses a file. @throws Error when it is not valid TypeScript */
export function parseSourceFile(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  return {
    path,
    imports: [...staticImports(parsed, text), ...dynamicImports(parsed, text), ...inlineTypeImports(parsed)].map(
      ({ specifier, kind }) => ({ ...resolve(path, specifier), kind }),
    ),
    hasDefaultExport: parsed.module.staticExports.some(({ entries }) =>
      entries.some(({ exportName }) => exportName.kind === "Default" || exportName.name === "default"),
    ),
    sideEffects: sideEffectsOf(parsed.program, path.startsWith("schema/")),
  };
}

type ParseResult = ReturnType<typeof parseSync>;

interface Written {
  readonly specifier: string;
  readonly kind: Import["kind"];
}

function staticImports({ module }: ParseResult, text: string): Written[] {
  const imports = module.staticImports.map(({ start, moduleRequest }) => ({ start, moduleRequest }));
  const reExports = module.staticExports.flatMap(({ start, entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest ? [{ start, moduleRequest }] : [])),
  );
  return [...imports, ...reExports].map(({ start, moduleRequest }) => ({
    specifier: moduleRequest.value,
    kind: /^(import|export)\s+type\b/.test(text.slice(start, start + 40)) ? "type" : "value",
  }));
}

/** `import("./x.ts")`. An import with a computed path counts as one of a package `?`. */
function dynamicImports({ module }: ParseResult, text: string): Written[] {
  return module.dynamicImports.map(({ moduleRequest }) => {
    const literal = /^(["'`])([^$]+)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    return { specifier: literal?.[2] ?? "?", kind: "dynamic" };
  });
}

/** `import("./x.ts").Name` as a type. */
function inlineTypeImports({ program }: ParseResult): Written[] {
  return nodesOf(program)
    .filter(({ type }) => type === "TSImportType")
    .map((node) => ({ specifier: stringAt(node, "source", "value") ?? "?", kind: "type" }));
}

function resolve(path: string, specifier: string): Omit<Import, "kind"> {
  if (specifier.startsWith(".")) return { target: posix.join(dirname(path), specifier), isPackage: false };
  if (specifier.startsWith("node:")) return { target: specifier, isPackage: true };
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const entry = specifier.slice(name.length);
  return { target: name, isPackage: true, ...(entry !== "" && { entry }) };
}

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? pathsBelow(root, path) : [path];
  });
}
