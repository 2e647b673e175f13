/**
 * What `node server.ts` runs: Node completes a name that is no file by `.js`. Plain JavaScript, because Node before 22.18
 * refuses TypeScript before a line of it runs, with an error that does not say which Node is needed.
 */
const neededMajor = 24;
const { node } = process.versions;

if (Number.parseInt(node, 10) >= neededMajor) import("./start.ts");
else {
  console.error(
    `Expected Node ${neededMajor} or newer, got ${node}: use "npm start" or "npx node server.ts", which run the Node that is installed with the packages.`,
  );
  process.exitCode = 1;
}
