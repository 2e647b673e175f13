#!/usr/bin/env node
const neededMajor = 24;
const { node } = process.versions;

/** The command `tributary`. Its modules are imported after the version check: an older Node may not be able to parse them. */
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
