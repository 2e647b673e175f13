export { createFetchFunction, type RelayFetchOptions } from "./fetch-function.ts";
export { MergedAnswer } from "./merged-answer.ts";
export type { PartByPath, Payload } from "./payload.ts";
