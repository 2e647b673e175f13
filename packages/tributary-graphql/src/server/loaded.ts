import { inspect } from "node:util";
import { ConfigError } from "./settings/setting.ts";

/**
 * A part of an app, once it is loaded and made.
 * @throws Error whose message has the place, since what is thrown there is a fault in the code; a ConfigError as it is
 */
export async function loaded<Part>(load: () => Part | Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new Error(inspect(error), { cause: error });
  }
}
