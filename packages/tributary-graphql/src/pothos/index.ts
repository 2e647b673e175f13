export { type ConnectionTypes, connectionTypes } from "./connection.ts";
export type { CostOptions, ListSize } from "./cost-options.ts";
export { connectionItems, selectedProperties, uses } from "./selection.ts";
