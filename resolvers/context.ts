import type { Sources } from "../datasources/sources.ts";

/** What every resolver is handed, made once per request. */
export interface Context {
  readonly sources: Sources;
}
