/** The executor under test. Only this file names it. */
export { execute } from "../../../../src/gateway/execution/breadth-first/execute.ts";
