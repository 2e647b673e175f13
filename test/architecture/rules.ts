import type { Import, SourceFile } from "tributary-testing/source/source-file.ts";
import { findCycles } from "./cycles.ts";
import { allowedImports, isOfEngine, type Layer, layerOf } from "./layers.ts";

/** Returns a message per violation. */
export type Rule = (files: readonly SourceFile[]) => string[];

/** Every file belongs to a layer. */
export const everyFileHasALayer: Rule = (files) =>
  files.filter(({ path }) => !layerOf(path)).map(({ path }) => `${path} belongs to no layer`);

const engineName = "tributary-graphql";

/** Imports follow `allowedImports`, and Atlas imports the engine by package name. */
export const importsFollowLayers: Rule = (files) =>
  eachImport(files, (file, { target, isPackage, kind, entry = "" }) => {
    const from = layerOf(file.path);
    if (from === undefined || from === "test" || from === "tool") return undefined;
    const { values, types, entries } = allowedImports[from];
    if (isPackage) {
      if (target !== engineName || entries.includes(entry) || (kind === "type" && entries.length > 0)) return undefined;
      return `${file.path} imports ${engineName}${entry}: not allowed in ${from}`;
    }
    const to = layerOf(target);
    if (to === undefined) return `${file.path} imports ${target}, which belongs to no layer`;
    if (values.includes(to) || (kind === "type" && types.includes(to))) return undefined;
    const imported = kind === "type" ? "a type" : "a value";
    return `${file.path} imports ${imported} from ${target}: not allowed from ${to} in ${from}`;
  });

/** Packages and Atlas do not import each other by path, also not in tests: the engine's tests have schemas of their own. */
export const packagesImportByName: Rule = (files) =>
  eachImport(files, (file, { target, isPackage }) => {
    if (isPackage) return undefined;
    const isOfPackages = (path: string): boolean => path.startsWith("packages/");
    if (isOfPackages(file.path) === isOfPackages(target) || target === "vitest.config.ts") return undefined;
    return `${file.path} imports ${target} by its path`;
  });

/** Features of a layer import only types of each other, except in the schema, which needs the references of other types. */
export const featuresShareOnlyTypes: Rule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  const isFeature = (name: string): boolean =>
    ["datasources", "resolvers", "schema"].every((layer) => paths.has(`${layer}/${name}`));
  return eachImport(files, (file, { target, kind }) => {
    const [layer, name = ""] = file.path.split("/");
    const [otherLayer, otherName = ""] = target.split("/");
    const isBetweenFeatures = layer === otherLayer && layer !== "schema" && isFeature(name) && isFeature(otherName);
    if (!isBetweenFeatures || kind === "type") return undefined;
    return `${file.path} imports a value from ${target}: move code of two features to the layer above or to a shared file`;
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

/** Datasources do not import GraphQL packages; schema and resolvers do not import I/O packages. */
export const layersUseAllowedPackages: Rule = (files) =>
  eachImport(files, (file, { target, isPackage }) => {
    const layer = layerOf(file.path);
    const isForbidden = isPackage && layer !== undefined && forbiddenPackages[layer]?.test(target);
    return isForbidden ? `${file.path} imports ${target}: not allowed in ${layer}` : undefined;
  });

/** Shipped code imports only packages in `dependencies`, no development dependencies and no transitive ones. */
export const shippedCodeUsesOnlyDependencies =
  (dependencies: ReadonlySet<string>, ofEngine: boolean): Rule =>
  (files) =>
    eachImport(files, (file, { target, isPackage, kind }) => {
      const layer = layerOf(file.path);
      const isShipped = layer !== "test" && layer !== "tool" && isOfEngine(file.path) === ofEngine;
      if (!isShipped || !isPackage || kind === "type" || target.startsWith("node:")) return undefined;
      // Commands import the files that the user names.
      if (target === "?" && layer === "commands") return undefined;
      return dependencies.has(target) ? undefined : `${file.path} imports ${target}: not in "dependencies"`;
    });

/** Named exports only. */
export const exportsAreNamed: Rule = (files) =>
  files
    .filter(({ path, hasDefaultExport }) => hasDefaultExport && layerOf(path) !== "tool")
    .map(({ path }) => `${path} has a default export`);

/** Imports have no side effects, except that of `start.ts`, which no other file imports. */
export const importsHaveNoSideEffects: Rule = (files) => [
  ...files
    .filter(({ path }) => !["server", "test", "tool"].includes(layerOf(path) ?? "") && !path.endsWith("/src/bin.ts"))
    .flatMap(({ path, sideEffects }) =>
      sideEffects.map((effect) => `${path} has a side effect when it is imported: ${effect}`),
    ),
  ...eachImport(files, (file, { target }) =>
    target === "start.ts" && layerOf(file.path) !== "test" ? `${file.path} imports start.ts` : undefined,
  ),
];

/** There are no cycles of imports, including type imports and dynamic imports. */
export const importsHaveNoCycle: Rule = (files) =>
  findCycles(
    new Map(
      files.map(({ path, imports }) => [
        path,
        imports.filter(({ isPackage }) => !isPackage).map(({ target }) => target),
      ]),
    ),
  ).map((cycle) => `import cycle: ${cycle.join(" -> ")}`);

function eachImport(
  files: readonly SourceFile[],
  check: (file: SourceFile, imported: Import) => string | undefined,
): string[] {
  return files.flatMap((file) => file.imports.flatMap((imported) => check(file, imported) ?? []));
}
