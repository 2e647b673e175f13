import type { Import, SourceFile } from "tributary-testing/source/source-file.ts";
import { describe, expect, test } from "vitest";
import {
  everyFileHasAPlace,
  exportsAreNamed,
  featuresMeetInTypes,
  importingDoesNothing,
  importsMakeNoCycle,
  importsRunOneWay,
  packagesKeepToTheirLayer,
  type Rule,
  shippedCodeNeedsOnlyDependencies,
} from "./rules.ts";

type Kind = Import["kind"];

/** A made-up file: `[target, kind]` for each import; a target that names no file is a package. */
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

const needsOnlyKysely = shippedCodeNeedsOnlyDependencies(new Set(["kysely"]), true);

describe("a rule finds", () => {
  test.each<[string, Rule, SourceFile[]]>([
    ["a file at the root that nobody planned", everyFileHasAPlace, [file("helpers.ts")]],
    ["a folder that nobody planned", everyFileHasAPlace, [file("utils/strings.ts")]],
    [
      "a gateway that knows the schema",
      importsRunOneWay,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["schema/index.ts"]])],
    ],
    [
      "a gateway that knows a type of the domain",
      importsRunOneWay,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["resolvers/context.ts", "type"]])],
    ],
    [
      "a domain that runs code of the gateway",
      importsRunOneWay,
      [file("datasources/a.ts", [["tributary-graphql/server"]])],
    ],
    ["a schema that goes past its resolvers", importsRunOneWay, [file("schema/city.ts", [["datasources/city.ts"]])]],
    ["a resolver that opens a database", importsRunOneWay, [file("resolvers/city.ts", [["tributary-graphql/sql"]])]],
    [
      "a source that knows a resolver's type",
      importsRunOneWay,
      [file("datasources/a.ts", [["resolvers/b.ts", "type"]])],
    ],
    [
      "a batched read that knows a table",
      importsRunOneWay,
      [file("packages/tributary-graphql/src/sql/a.ts", [["datasources/database.ts", "type"]])],
    ],
    [
      "a REST client that knows SQL",
      importsRunOneWay,
      [file("datasources/rest/a.ts", [["packages/tributary-graphql/src/sql/open.ts"]])],
    ],
    ["a schema that needs the demo", importsRunOneWay, [file("schema/city.ts", [["atlas/services/sun.ts"]])]],
    [
      "a gateway that loads the schema later",
      importsRunOneWay,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["schema/index.ts", "dynamic"]])],
    ],
    ["shipped code that needs a test", importsRunOneWay, [file("atlas/app.ts", [["test/support/x.ts"]])]],
    [
      "shipped code that needs a check",
      importsRunOneWay,
      [file("atlas/app.ts", [["packages/tributary-graphql/src/commands/git.ts"]])],
    ],
    ["an import of a file out of place", importsRunOneWay, [file("atlas/app.ts", [["helpers.ts"]])]],
    [
      "a resolver of one feature that calls another's",
      featuresMeetInTypes,
      [...features, file("resolvers/city.ts", [["resolvers/country.ts"]])],
    ],
    [
      "a source of one feature that calls another's",
      featuresMeetInTypes,
      [...features, file("datasources/city.ts", [["datasources/country.ts"]])],
    ],
    ["a source that knows GraphQL", packagesKeepToTheirLayer, [file("datasources/city.ts", [["graphql", "type"]])]],
    [
      "a batched read that knows Pothos",
      packagesKeepToTheirLayer,
      [file("packages/tributary-graphql/src/sql/a.ts", [["@pothos/core"]])],
    ],
    ["a resolver that queries by itself", packagesKeepToTheirLayer, [file("resolvers/city.ts", [["kysely"]])]],
    ["a schema that reads files", packagesKeepToTheirLayer, [file("schema/city.ts", [["node:fs/promises"]])]],
    [
      "a gateway that knows Pothos",
      packagesKeepToTheirLayer,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["@pothos/core"]])],
    ],
    [
      "shipped code that needs a development dependency",
      needsOnlyKysely,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["vitest"]])],
    ],
    ["a default export", exportsAreNamed, [file("schema/city.ts", [], { hasDefaultExport: true })]],
    [
      "a file that acts when it is imported",
      importingDoesNothing,
      [file("atlas/app.ts", [], { sideEffects: ["call of fetch"] })],
    ],
    ["an import of the file that acts", importingDoesNothing, [file("atlas/app.ts", [["start.ts"]])]],
    ["two files that import each other", importsMakeNoCycle, [file("a.ts", [["b.ts"]]), file("b.ts", [["a.ts"]])]],
    ["types that go round", importsMakeNoCycle, [file("a.ts", [["b.ts", "type"]]), file("b.ts", [["a.ts", "type"]])]],
    [
      "a type of a file that is called",
      importsMakeNoCycle,
      [file("a.ts", [["b.ts"]]), file("b.ts", [["a.ts", "type"]])],
    ],
    [
      "a file that loads its user later",
      importsMakeNoCycle,
      [file("a.ts", [["b.ts"]]), file("b.ts", [["a.ts", "dynamic"]])],
    ],
    ["a file that imports itself", importsMakeNoCycle, [file("a.ts", [["a.ts"]])]],
    [
      "a long way round",
      importsMakeNoCycle,
      [file("z.ts", [["a.ts"]]), file("a.ts", [["b.ts"]]), file("b.ts", [["c.ts"]]), file("c.ts", [["a.ts"]])],
    ],
  ])("%s", (_what, rule, files) => {
    expect(rule(files)).toHaveLength(1);
  });
});

describe("a rule leaves alone", () => {
  test.each<[string, Rule, SourceFile[]]>([
    [
      "each layer that calls the one below",
      importsRunOneWay,
      [
        file("start.ts", [["atlas/app.ts"], ["config.ts"], ["tributary-graphql/server"]]),
        file("atlas/app.ts", [["schema/index.ts"], ["atlas/services/start-services.ts"], ["tributary-graphql/sql"]]),
        file("schema/city.ts", [["resolvers/city.ts"], ["schema/builder.ts"], ["tributary-graphql/pothos"]]),
        file("resolvers/city.ts", [["datasources/city.ts"]]),
        file("datasources/city.ts", [["tributary-graphql/sql"], ["tributary-graphql/rest"], ["tributary-graphql"]]),
      ],
    ],
    [
      "what the rooms of the engine share",
      importsRunOneWay,
      ["gateway", "sql", "rest"].map((room) =>
        file(`packages/tributary-graphql/src/${room}/a.ts`, [["packages/tributary-graphql/src/core/domain-error.ts"]]),
      ),
    ],
    ["types of the engine in the schema", importsRunOneWay, [file("schema/a.ts", [["tributary-graphql/sql", "type"]])]],
    ["a test that reaches anywhere", importsRunOneWay, [file("test/a.ts", [["start.ts"], ["atlas/services/sun.ts"]])]],
    [
      "types between features",
      featuresMeetInTypes,
      [...features, file("resolvers/city.ts", [["resolvers/country.ts", "type"]])],
    ],
    [
      "references between features of the schema",
      featuresMeetInTypes,
      [...features, file("schema/city.ts", [["schema/country.ts"]])],
    ],
    [
      "a shared file of one layer",
      featuresMeetInTypes,
      [...features, file("resolvers/city.ts", [["resolvers/node-id.ts"]])],
    ],
    [
      "a type from a development dependency",
      needsOnlyKysely,
      [file("packages/tributary-graphql/src/gateway/a.ts", [["vitest", "type"], ["node:http"], ["kysely"]])],
    ],
    [
      "a default export of a tool's configuration",
      exportsAreNamed,
      [file("vitest.config.ts", [], { hasDefaultExport: true })],
    ],
    [
      "two ways to one file",
      importsMakeNoCycle,
      [file("a.ts", [["b.ts"], ["c.ts"]]), file("b.ts", [["c.ts"]]), file("c.ts")],
    ],
  ])("%s", (_what, rule, files) => {
    expect(rule(files)).toEqual([]);
  });
});
