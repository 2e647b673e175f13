import { type ParseArgsConfig, parseArgs } from "node:util";
import { CheckError } from "./command-error.ts";

/** As `parseArgs`, but an option that does not exist is one plain line. */
export function readArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const { code = "", message } = error as { code?: string; message: string };
    if (!code.startsWith("ERR_PARSE_ARGS")) throw error;
    throw new CheckError(`${message.split(". ", 1).join("")}. "tributary --help" lists the commands.`);
  }
}
