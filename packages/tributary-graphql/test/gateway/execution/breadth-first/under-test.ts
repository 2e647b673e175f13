/** The executor that every test of this folder is about. The one place that names it. */
export { execute } from "../../../../src/gateway/execution/breadth-first/execute.ts";
