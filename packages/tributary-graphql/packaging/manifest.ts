/** The members of a package.json that are read here. */
export interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts?: unknown;
  readonly [field: string]: unknown;
}

/** The files of an entry in the package: declarations and JavaScript. */
export interface PackedEntry {
  readonly types: string;
  readonly default: string;
}

const source = /^((?:\.\/)?)src\/(.+)\.ts$/;

/** `./src/sql/index.ts` is `./dist/sql/index.js` once it is compiled. */
const compiled = (path: string, extension: string): string => {
  if (!source.test(path)) throw new Error(`Expected a TypeScript file of src/, got "${path}".`);
  return path.replace(source, `$1dist/$2${extension}`);
};

const packedEntry = (path: string): string | PackedEntry =>
  path === "./package.json" ? path : { types: compiled(path, ".d.ts"), default: compiled(path, ".js") };

const mapValues = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/**
 * The manifest as it stands in the package: its entries and its command are what was compiled, and it has no scripts, which
 * are for the repository.
 *
 * @throws Error for an entry or a command that is not TypeScript file of src/
 */
export function packedManifest({ scripts: _, ...manifest }: Manifest): object {
  return {
    ...manifest,
    exports: mapValues(manifest.exports, packedEntry),
    bin: mapValues(manifest.bin, (path) => compiled(path, ".js")),
  };
}
