import type { Import, SourceFile } from "tributary-testing/source/source-file.ts";
import { describe, expect, test } from "vitest";
import {
  everyFileHasALayer,
  exportsAreNamed,
  featuresShareOnlyTypes,
  importsFollowLayers,
  importsHaveNoCycle,
  importsHaveNoSideEffects,
  layersUseAllowedPackages,
  type Rule,
  shippedCodeUsesOnlyDependencies,
} from "./rules.ts";

type Kind = Import["kind"];

/** An artificial file with `[target, kind]` per import; a target that does not end with .ts is a package. */
function file(path: string, imports: [target: string, kind?: Kind][] = [], rest: Partial<SourceFile> = {}): SourceFile {
  return {
    path,
    imports: imports.map(([target, kind = "value"]) => {
      const isPackage = !target.endsWith(".ts");
      if (!target.startsWith("tributary-graphql")) return { target, kind, isPackage };
      return { target: "tributary-graphql", entry: target.slice("tributary-graphql".length), kind, isPackage };
    }),
    hasDefaultExport: false,
    sideEffects: [],
    ...rest,
  };
}

const features = ["datasources", "resolvers", "schema"].flatMap((layer) => [
  file(`${layer}/city.ts`),
  file(`${layer}/country.ts`),
]);

const usesOnlyKysely = shippedCodeUsesOnlyDependencies(new Set(["kysely"]), true);

describe("a rule reports", () => {
  test.each<[string, Rule, SourceFile[]]>([
    ["a file of the root folder without a layer", everyFileHasALayer, [file("helpers.ts")]],
    ["a folder without a layer", everyFileHasALayer, [file("utils/strings.ts")]],
    [
      "an import of the schema in the gateway",
      importsFollowLayers,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["schema/index.ts"]])],
    ],
    [
      "an import of a type of the resolvers in the gateway",
      importsFollowLayers,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["resolvers/context.ts", "type"]])],
    ],
    [
      "an import of the server entry point in a datasource",
      importsFollowLayers,
      [file("datasources/a.ts", [["tributary-graphql/server"]])],
    ],
    [
      "an import of a datasource in the schema",
      importsFollowLayers,
      [file("schema/city.ts", [["datasources/city.ts"]])],
    ],
    [
      "an import of the SQL entry point in a resolver",
      importsFollowLayers,
      [file("resolvers/city.ts", [["tributary-graphql/sql"]])],
    ],
    [
      "an import of a resolver's type in a datasource",
      importsFollowLayers,
      [file("datasources/a.ts", [["resolvers/b.ts", "type"]])],
    ],
    [
      "an import of a datasource's type in the engine",
      importsFollowLayers,
      [file("packages/tributary-graphql/src/sql/a.ts", [["datasources/database.ts", "type"]])],
    ],
    [
      "an import of an engine file by path in a datasource",
      importsFollowLayers,
      [file("datasources/rest/a.ts", [["packages/tributary-graphql/src/sql/open.ts"]])],
    ],
    [
      "an import of an embedded service in the schema",
      importsFollowLayers,
      [file("schema/city.ts", [["atlas/services/sun.ts"]])],
    ],
    [
      "a dynamic import of the schema in the gateway",
      importsFollowLayers,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["schema/index.ts", "dynamic"]])],
    ],
    ["an import of a test in shipped code", importsFollowLayers, [file("atlas/app.ts", [["test/support/x.ts"]])]],
    [
      "an import of a command in shipped code",
      importsFollowLayers,
      [file("atlas/app.ts", [["packages/tributary-graphql/src/commands/git.ts"]])],
    ],
    ["an import of a file without a layer", importsFollowLayers, [file("atlas/app.ts", [["helpers.ts"]])]],
    [
      "an import of another feature's function in a resolver",
      featuresShareOnlyTypes,
      [...features, file("resolvers/city.ts", [["resolvers/country.ts"]])],
    ],
    [
      "an import of another feature's function in a datasource",
      featuresShareOnlyTypes,
      [...features, file("datasources/city.ts", [["datasources/country.ts"]])],
    ],
    [
      "an import of graphql in a datasource",
      layersUseAllowedPackages,
      [file("datasources/city.ts", [["graphql", "type"]])],
    ],
    [
      "an import of Pothos in the SQL readers",
      layersUseAllowedPackages,
      [file("packages/tributary-graphql/src/sql/a.ts", [["@pothos/core"]])],
    ],
    ["an import of Kysely in a resolver", layersUseAllowedPackages, [file("resolvers/city.ts", [["kysely"]])]],
    ["an import of node:fs in the schema", layersUseAllowedPackages, [file("schema/city.ts", [["node:fs/promises"]])]],
    [
      "an import of Pothos in the gateway",
      layersUseAllowedPackages,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["@pothos/core"]])],
    ],
    [
      "an import of a development dependency in shipped code",
      usesOnlyKysely,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["vitest"]])],
    ],
    ["a default export", exportsAreNamed, [file("schema/city.ts", [], { hasDefaultExport: true })]],
    [
      "a side effect of an import",
      importsHaveNoSideEffects,
      [file("atlas/app.ts", [], { sideEffects: ["call of fetch"] })],
    ],
    ["an import of start.ts", importsHaveNoSideEffects, [file("atlas/app.ts", [["start.ts"]])]],
    ["two files that import each other", importsHaveNoCycle, [file("a.ts", [["b.ts"]]), file("b.ts", [["a.ts"]])]],
    [
      "two files that import each other's types",
      importsHaveNoCycle,
      [file("a.ts", [["b.ts", "type"]]), file("b.ts", [["a.ts", "type"]])],
    ],
    [
      "two files of which one imports only types",
      importsHaveNoCycle,
      [file("a.ts", [["b.ts"]]), file("b.ts", [["a.ts", "type"]])],
    ],
    [
      "a cycle with a dynamic import",
      importsHaveNoCycle,
      [file("a.ts", [["b.ts"]]), file("b.ts", [["a.ts", "dynamic"]])],
    ],
    ["a file that imports itself", importsHaveNoCycle, [file("a.ts", [["a.ts"]])]],
    [
      "a cycle of several files",
      importsHaveNoCycle,
      [file("z.ts", [["a.ts"]]), file("a.ts", [["b.ts"]]), file("b.ts", [["c.ts"]]), file("c.ts", [["a.ts"]])],
    ],
  ])("%s", (_title, rule, files) => {
    expect(rule(files)).toHaveLength(1);
  });
});

describe("a rule allows", () => {
  test.each<[string, Rule, SourceFile[]]>([
    [
      "imports of the layer below",
      importsFollowLayers,
      [
        file("start.ts", [["atlas/app.ts"], ["config.ts"], ["tributary-graphql/server"]]),
        file("atlas/app.ts", [["schema/index.ts"], ["atlas/services/start-services.ts"], ["tributary-graphql/sql"]]),
        file("schema/city.ts", [["resolvers/city.ts"], ["schema/builder.ts"], ["tributary-graphql/pothos"]]),
        file("resolvers/city.ts", [["datasources/city.ts"]]),
        file("datasources/city.ts", [["tributary-graphql/sql"], ["tributary-graphql/rest"], ["tributary-graphql"]]),
      ],
    ],
    [
      "imports of core in the other folders of the engine",
      importsFollowLayers,
      ["gateway", "sql", "rest"].map((folder) =>
        file(`packages/tributary-graphql/src/${folder}/a.ts`, [
          ["packages/tributary-graphql/src/core/domain-error.ts"],
        ]),
      ),
    ],
    [
      "imports of the engine's types in the schema",
      importsFollowLayers,
      [file("schema/a.ts", [["tributary-graphql/sql", "type"]])],
    ],
    ["any import in a test", importsFollowLayers, [file("test/a.ts", [["start.ts"], ["atlas/services/sun.ts"]])]],
    [
      "imports of another feature's types",
      featuresShareOnlyTypes,
      [...features, file("resolvers/city.ts", [["resolvers/country.ts", "type"]])],
    ],
    [
      "imports between features of the schema",
      featuresShareOnlyTypes,
      [...features, file("schema/city.ts", [["schema/country.ts"]])],
    ],
    [
      "an import of a shared file of the layer",
      featuresShareOnlyTypes,
      [...features, file("resolvers/city.ts", [["resolvers/node-id.ts"]])],
    ],
    [
      "an import of a development dependency's type",
      usesOnlyKysely,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["vitest", "type"], ["node:http"], ["kysely"]])],
    ],
    [
      "a default export in the configuration of a tool",
      exportsAreNamed,
      [file("vitest.config.ts", [], { hasDefaultExport: true })],
    ],
    [
      "two import paths to the same file",
      importsHaveNoCycle,
      [file("a.ts", [["b.ts"], ["c.ts"]]), file("b.ts", [["c.ts"]]), file("c.ts")],
    ],
  ])("%s", (_title, rule, files) => {
    expect(rule(files)).toEqual([]);
  });
});
