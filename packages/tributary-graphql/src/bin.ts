#!/usr/bin/env node
import { runCli } from "./commands/cli.ts";
import { runCommand } from "./commands/command-error.ts";

/** The command `tributary`. */
await runCommand(() => runCli(process.argv.slice(2)));
