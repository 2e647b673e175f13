/** The facts about a source file that the architecture rules need. */
export interface SourceFile {
  /** Relative to the root, `schema/city.ts`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly hasDefaultExport: boolean;
  /** The side effects of importing the file, in words. Empty for a file that only has definitions. */
  readonly sideEffects: readonly string[];
}

/** An import or a re-export. */
export interface Import {
  /** The path of a file of the repository, from the root; or the name of a package or of a Node module. */
  readonly target: string;
  readonly isPackage: boolean;
  /** The subpath of a package, `/sql`. */
  readonly entry?: string;
  /** `type` is removed when types are stripped; `dynamic` is `import()`. */
  readonly kind: "value" | "type" | "dynamic";
}
