/** Part of the `prepack` script, and the `postpack` script: package.json names src/ again, and dist/ is removed. */
import { join } from "node:path";
import { restoreManifest } from "./switched-manifest.ts";

if (import.meta.main) restoreManifest(join(import.meta.dirname, ".."));
