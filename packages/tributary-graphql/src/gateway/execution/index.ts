export { execute } from "./breadth-first/execute.ts";
