/** A check that cannot be done, or that fails, for a reason that the message tells in full: no stack is shown. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

/** Runs what a command does; an expected failure becomes one plain line and exit code 1. */
export async function runCommand(command: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await command())) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
