/** The fields of a package.json that packing changes. */
export interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts?: unknown;
  readonly [field: string]: unknown;
}

/** An entry of the published package: declarations and JavaScript. */
export interface PackedEntry {
  readonly types: string;
  readonly default: string;
}

const source = /^((?:\.\/)?)src\/(.+)\.ts$/;

/** Maps `./src/sql/index.ts` to `./dist/sql/index.js`. */
const compiled = (path: string, extension: string): string => {
  if (!source.test(path)) throw new Error(`Expected a TypeScript file of src/, got "${path}".`);
  return path.replace(source, `$1dist/$2${extension}`);
};

const packedEntry = (path: string): string | PackedEntry =>
  path === "./package.json" ? path : { types: compiled(path, ".d.ts"), default: compiled(path, ".js") };

const mapValues = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/**
 * The manifest of the published package: its entries and its command name compiled files, and it has no scripts.
 * @throws Error for an entry or a command that is not a TypeScript file of src/
 */
export function packedManifest({ scripts: _, ...manifest }: Manifest): object {
  return {
    ...manifest,
    exports: mapValues(manifest.exports, packedEntry),
    bin: mapValues(manifest.bin, (path) => compiled(path, ".js")),
  };
}
