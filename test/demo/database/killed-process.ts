/** Fills a database, and is killed when it has come to a label: `node killed-process.ts <url> <label>`. */
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { openDatabase } from "../../../datasources/sql/open.ts";
import { prepareDatabase } from "../../../demo/database/prepare.ts";
import { fewRows } from "./few-rows.ts";

const [url = "", killAt] = process.argv.slice(2);
const database = await openDatabase<AtlasDatabase>(url);
await prepareDatabase(database, {
  readRows: fewRows,
  onProgress: (done, _total, label) => {
    if (label === killAt && done > 0) process.kill(process.pid, "SIGKILL");
  },
});
