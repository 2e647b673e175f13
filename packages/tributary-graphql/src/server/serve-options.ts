import type { AppStart, ServedApp, SharedParts, SharedStart } from "./served-app.ts";
import type { Settings } from "./settings/define-settings.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

export interface ServeOptions<Config extends EngineConfig, Shared = undefined> {
  readonly settings: Settings<Config>;
  /**
   * Creates the app, in each process that serves requests. Import the schema inside this function, so that other processes
   * (the primary, `--help`) do not load it.
   */
  createApp(start: AppStart<Config, Shared>): ServedApp | Promise<ServedApp>;
  /**
   * Creates the resources that all processes share, once, in the primary or in the only process. It is called before
   * `createApp`, so that slow resources can start while the app loads. Default: no shared resources.
   */
  createShared?(start: SharedStart<Config>): SharedParts<Shared> | Promise<SharedParts<Shared>>;
}
