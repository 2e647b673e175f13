import { findCycles } from "./cycles.ts";
import { type Layer, layerOf, reaches } from "./layers.ts";
import type { Import, SourceFile } from "./source-file.ts";

/** A pure judgement over all files: every breach in words, none when the rule holds. */
export type Rule = (files: readonly SourceFile[]) => string[];

/** Every file has a place. */
export const everyFileHasAPlace: Rule = (files) =>
  files.filter(({ path }) => !layerOf(path)).map(({ path }) => `${path} has no place in the house`);

/** Imports run one way. `checks` may load the schema and the app when asked to, which is what `import()` is for. */
export const importsRunOneWay: Rule = (files) =>
  eachImport(files, (file, { target, isPackage, kind }) => {
    const from = layerOf(file.path);
    const to = layerOf(target);
    if (isPackage || from === undefined || from === "test" || from === "tool") return undefined;
    if (to === undefined) return `${file.path} imports ${target}, which has no place in the house`;
    if (from === "checks" && (to === "schema" || to === "app") && kind === "dynamic") return undefined;
    const { values, types } = reaches[from];
    if (values.includes(to) || (kind === "type" && types.includes(to))) return undefined;
    const what = kind === "type" ? "a type" : "more than types";
    return `${file.path} imports ${what} from ${target}: ${from} may not reach ${to}`;
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
  (dependencies: ReadonlySet<string>): Rule =>
  (files) =>
    eachImport(files, (file, { target, isPackage, kind }) => {
      const layer = layerOf(file.path);
      const isShipped = layer !== "test" && layer !== "tool" && layer !== "checks" && layer !== "codegen";
      if (!isShipped || !isPackage || kind === "type" || target.startsWith("node:")) return undefined;
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
    .filter(({ path }) => !["server", "test", "tool"].includes(layerOf(path) ?? ""))
    .flatMap(({ path, acts }) => acts.map((act) => `${path} acts when it is imported: ${act}`)),
  ...eachImport(files, (file, { target }) =>
    target === "start.ts" && layerOf(file.path) !== "test" ? `${file.path} imports start.ts` : undefined,
  ),
];

/** No import cycles; types may go round, they are gone when the code runs. */
export const importsMakeNoCycle: Rule = (files) =>
  findCycles(
    new Map(
      files.map(({ path, imports }) => [
        path,
        imports.filter(({ kind, isPackage }) => kind === "value" && !isPackage).map(({ target }) => target),
      ]),
    ),
  ).map((cycle) => `a cycle of imports: ${cycle.join(" -> ")}`);

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, imported: Import) => string | undefined,
): string[] {
  return files.flatMap((file) => file.imports.flatMap((imported) => judge(file, imported) ?? []));
}
