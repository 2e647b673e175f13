/**
 * - `only`: a document that is not trusted is refused.
 * - `prefer`: any document is executed, and trusted ones are also found by id and hash.
 * - `off`: there are no trusted documents; ids and hashes are refused with `PERSISTED_QUERY_NOT_SUPPORTED`.
 */
export type TrustedDocumentsMode = "only" | "prefer" | "off";

export interface TrustedDocumentsOptions {
  /** Default `off`. */
  readonly mode?: TrustedDocumentsMode;
  /**
   * The manifests, read once, when the gateway is created: paths relative to the working directory, or file URLs. Of a text that is
   * in several, the first that has a budget counts: list the newest first. Each is one of these:
   *
   * - the manifest that `tributary codegen` writes, with budgets
   * - `{ id: text }`, as `persisted-documents.json` of GraphQL Code Generator's client preset and of Relay's compiler
   * - a manifest of Apollo's `generate-persisted-query-manifest`
   *
   * Default `["operations/trusted-documents.json"]`.
   */
  readonly files?: readonly (string | URL)[];
  /**
   * Whether a client may register a text by sending it with its hash (automatic persisted queries). Such a text is then found
   * by the hash, but is not trusted. Not with `only`. Default false.
   */
  readonly acceptsRegistration?: boolean;
  /**
   * By the name of a query: for how many seconds browsers and CDNs may keep its answer to a GET. Only for answers that are the
   * same for everybody. Default: none.
   */
  readonly publicMaxAgeSeconds?: Readonly<Record<string, number>>;
}

export const defaultManifest = "operations/trusted-documents.json";
