import type { AppStart, ServedApp, SharedParts, SharedStart } from "./served-app.ts";
import type { Settings } from "./settings/define-settings.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

export interface ServeOptions<Config extends EngineConfig, Shared = undefined> {
  readonly settings: Settings<Config>;
  /**
   * Makes the app, in each process that serves. Import it in here, so that a process that serves nothing (the primary,
   * `--help`) does not load it.
   */
  createApp(start: AppStart<Config, Shared>): ServedApp | Promise<ServedApp>;
  /**
   * Makes what there is once for all processes, before the app is loaded: in the primary, or in the only process. What
   * takes time may start here, beside the app that loads. Default: nothing is shared.
   */
  createShared?(start: SharedStart<Config>): SharedParts<Shared> | Promise<SharedParts<Shared>>;
}
