/** npm runs this before it compiles and after it has packed: package.json names src/, and dist/ is gone. */
import { join } from "node:path";
import { restoreManifest } from "./switched-manifest.ts";

if (import.meta.main) restoreManifest(join(import.meta.dirname, ".."));
