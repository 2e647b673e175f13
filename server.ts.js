/**
 * The entry point of `node server.ts`: Node appends `.js` to the name of a file that does not exist. It is JavaScript,
 * because Node before 22.18 rejects TypeScript with an error that does not name the required version.
 */
const requiredMajor = 24;
const { node } = process.versions;

if (Number.parseInt(node, 10) >= requiredMajor) import("./start.ts");
else {
  console.error(
    `Expected Node ${requiredMajor} or newer, got ${node}: run "npm start" or "npx node server.ts", which use the Node of the npm package "node".`,
  );
  process.exitCode = 1;
}
