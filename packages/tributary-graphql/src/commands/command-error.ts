/** An expected failure of a command. Its message is complete, so it is printed without a stack trace. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Runs a command. False, and a `CommandError`, whose message is printed, set the exit code 1. */
export async function runCommand(command: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await command())) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
