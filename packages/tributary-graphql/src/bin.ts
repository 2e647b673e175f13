#!/usr/bin/env node
const neededMajor = 24;
const { node } = process.versions;

/**
 * The command `tributary`. Its parts are loaded after the look at the version: on an older Node they may not even parse.
 */
if (Number.parseInt(node, 10) >= neededMajor) {
  const [{ runCli }, { runCommand }] = await Promise.all([
    import("./commands/cli.ts"),
    import("./commands/command-error.ts"),
  ]);
  await runCommand(() => runCli(process.argv.slice(2)));
} else {
  console.error(`Expected Node ${neededMajor} or newer, got ${node}.`);
  process.exitCode = 1;
}
