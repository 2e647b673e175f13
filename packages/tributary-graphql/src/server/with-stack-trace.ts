import { inspect } from "node:util";
import { TrustedDocumentsError } from "../gateway/trusted-documents/manifest-file.ts";
import { ConfigError } from "./settings/setting.ts";

/**
 * Loads a part of an app. An error in it is a fault in the code, so its message has to show where.
 * @throws Error whose message contains the stack trace; a ConfigError, or the fault of a manifest, unchanged
 */
export async function withStackTrace<Part>(load: () => Part | Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof TrustedDocumentsError) throw error;
    throw new Error(inspect(error), { cause: error });
  }
}
