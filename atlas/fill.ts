import { loadConfig } from "../config.ts";
import { showProgress } from "./database/progress.ts";
import { openAtlas } from "./open-database.ts";

/** `npm run atlas:fill`: adds Atlas' tables to the database at `DATABASE_URL`, even if it has other tables. */
async function fill(): Promise<void> {
  const config = loadConfig(process.env);
  await using opened = new AsyncDisposableStack();
  await openAtlas({ config, onProgress: showProgress(process.stderr), fillsAny: true }, opened);
  console.log("The database is filled.");
}

if (import.meta.main) {
  try {
    await fill();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
