export { type ConnectionTypes, connectionTypes } from "./connection.ts";
export { connectionItems, selectedProperties, uses } from "./selection.ts";
