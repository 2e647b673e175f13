/** Fills the database at the URL that it is given, and prints what it is at. `prepare.test.ts` kills it half way. */
import type { AtlasDatabase } from "../../../datasources/database.ts";
import { openDatabase } from "../../../datasources/sql/open.ts";
import { prepareDatabase } from "../../../demo/database/prepare.ts";

const database = await openDatabase<AtlasDatabase>(process.argv[2] ?? "");
await prepareDatabase(database, { onProgress: (_done, _total, label) => process.stdout.write(`${label}\n`) });
await database.close();
