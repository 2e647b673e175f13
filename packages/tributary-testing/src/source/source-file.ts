/** One source file, as far as the architecture rules need it. */
export interface SourceFile {
  /** Relative to the root, `schema/city.ts`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly hasDefaultExport: boolean;
  /** The effects of importing the file, in words; empty for a file that only defines. */
  readonly acts: readonly string[];
}

/** One import of a file, or a re-export from one. */
export interface Import {
  /** The path from the root of an own file, or the name of a package or of a module of Node. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Of a package: the entry, `/sql`. */
  readonly entry?: string;
  /** `type` disappears when types are stripped; `dynamic` is `import()`, which runs only when it is called. */
  readonly kind: "value" | "type" | "dynamic";
}
