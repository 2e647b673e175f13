/** Fills a database and kills itself at a step: `node killed-process.ts <url> <label>`. */

import { openDatabase } from "tributary-graphql/sql";
import { prepareDatabase } from "../../../atlas/database/prepare.ts";
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { fewRows } from "./few-rows.ts";

const [url = "", killAt] = process.argv.slice(2);
const database = await openDatabase<AtlasDatabase>(url);
await prepareDatabase(database, {
  readRows: fewRows,
  onProgress: (done, _total, label) => {
    if (label === killAt && done > 0) process.kill(process.pid, "SIGKILL");
  },
});
