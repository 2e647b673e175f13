import type { Import, SourceFile } from "tributary-testing/source/source-file.ts";
import { findCycles } from "./cycles.ts";
import { isOfEngine, type Layer, layerOf, reaches } from "./layers.ts";

/** A pure judgement over all files: every breach in words, none when the rule holds. */
export type Rule = (files: readonly SourceFile[]) => string[];

/** Every file has a place. */
export const everyFileHasAPlace: Rule = (files) =>
  files.filter(({ path }) => !layerOf(path)).map(({ path }) => `${path} belongs to no layer`);

const engineName = "tributary-graphql";

/** Imports run one way, and Atlas imports the engine by the name of its package. */
export const importsRunOneWay: Rule = (files) =>
  eachImport(files, (file, { target, isPackage, kind, entry = "" }) => {
    const from = layerOf(file.path);
    if (from === undefined || from === "test" || from === "tool") return undefined;
    const { values, types, entries } = reaches[from];
    if (isPackage) {
      if (target !== engineName || entries.includes(entry) || (kind === "type" && entries.length > 0)) return undefined;
      return `${file.path} imports ${engineName}${entry}: not in ${from}`;
    }
    const to = layerOf(target);
    if (to === undefined) return `${file.path} imports ${target}, which belongs to no layer`;
    if (values.includes(to) || (kind === "type" && types.includes(to))) return undefined;
    const what = kind === "type" ? "a type" : "more than types";
    return `${file.path} imports ${what} from ${target}: ${from} may not reach ${to}`;
  });

/** The tests of the engine bring their own schemas and sources; those of Atlas and the benchmarks use it as any app. */
export const nothingKnowsTheOther: Rule = (files) =>
  eachImport(files, (file, { target, isPackage }) => {
    if (isPackage) return undefined;
    const isOfPackages = (path: string): boolean => path.startsWith("packages/");
    if (isOfPackages(file.path) === isOfPackages(target) || target === "vitest.config.ts") return undefined;
    return `${file.path} imports ${target} by its path`;
  });

/** Feature files of one layer meet only in types, except in the schema, where references must meet. */
export const featuresMeetInTypes: Rule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  const isFeature = (name: string): boolean =>
    ["datasources", "resolvers", "schema"].every((layer) => paths.has(`${layer}/${name}`));
  return eachImport(files, (file, { target, kind }) => {
    const [layer, name = ""] = file.path.split("/");
    const [otherLayer, otherName = ""] = target.split("/");
    const isBetweenFeatures = layer === otherLayer && layer !== "schema" && isFeature(name) && isFeature(otherName);
    if (!isBetweenFeatures || kind === "type") return undefined;
    return `${file.path} imports more than types from ${target}: two features meet above, or in a file of their own`;
  });
};

const graphqlPackages = /^(graphql|graphql-yoga|@graphql-.*|@pothos\/.*|@envelop\/.*)$/;
const driverPackages =
  /^(kysely|pg|mysql2|undici|node:(sqlite|fs|fs\/promises|net|http|https|child_process|worker_threads))$/;

const forbiddenPackages: Partial<Record<Layer, RegExp>> = {
  datasources: graphqlPackages,
  core: graphqlPackages,
  sql: graphqlPackages,
  rest: graphqlPackages,
  resolvers: new RegExp(`${/^(graphql-yoga|@pothos\/.*|@envelop\/.*)$/.source}|${driverPackages.source}`),
  schema: driverPackages,
  relay: graphqlPackages,
  gateway: /^(@pothos\/.*|kysely|pg|mysql2|node:sqlite)$/,
};

/** Each layer keeps to its own kind of package: sources know no GraphQL, the schema and resolvers do no I/O. */
export const packagesKeepToTheirLayer: Rule = (files) =>
  eachImport(files, (file, { target, isPackage }) => {
    const layer = layerOf(file.path);
    const isForbidden = isPackage && layer !== undefined && forbiddenPackages[layer]?.test(target);
    return isForbidden ? `${file.path} imports ${target}: not in ${layer}` : undefined;
  });

/** What runs in production imports nothing that is installed for development only, or only by luck. */
export const shippedCodeNeedsOnlyDependencies =
  (dependencies: ReadonlySet<string>, ofEngine: boolean): Rule =>
  (files) =>
    eachImport(files, (file, { target, isPackage, kind }) => {
      const layer = layerOf(file.path);
      const isShipped = layer !== "test" && layer !== "tool" && isOfEngine(file.path) === ofEngine;
      if (!isShipped || !isPackage || kind === "type" || target.startsWith("node:")) return undefined;
      // A command loads what its user names.
      if (target === "?" && layer === "commands") return undefined;
      return dependencies.has(target) ? undefined : `${file.path} imports ${target}: not in "dependencies"`;
    });

/** Named exports only. */
export const exportsAreNamed: Rule = (files) =>
  files
    .filter(({ path, hasDefaultExport }) => hasDefaultExport && layerOf(path) !== "tool")
    .map(({ path }) => `${path} has a default export`);

/** Importing a file does nothing; only `start.ts` acts, and nobody imports that. */
export const importingDoesNothing: Rule = (files) => [
  ...files
    .filter(({ path }) => !["server", "test", "tool"].includes(layerOf(path) ?? "") && !path.endsWith("/src/bin.ts"))
    .flatMap(({ path, sideEffects }) =>
      sideEffects.map((effect) => `${path} has a side effect when it is imported: ${effect}`),
    ),
  ...eachImport(files, (file, { target }) =>
    target === "start.ts" && layerOf(file.path) !== "test" ? `${file.path} imports start.ts` : undefined,
  ),
];

/** No import cycles, whether of values, of types or of what is loaded later: what two files share has a file of its own. */
export const importsMakeNoCycle: Rule = (files) =>
  findCycles(
    new Map(
      files.map(({ path, imports }) => [
        path,
        imports.filter(({ isPackage }) => !isPackage).map(({ target }) => target),
      ]),
    ),
  ).map((cycle) => `a cycle of imports: ${cycle.join(" -> ")}`);

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, imported: Import) => string | undefined,
): string[] {
  return files.flatMap((file) => file.imports.flatMap((imported) => judge(file, imported) ?? []));
}
