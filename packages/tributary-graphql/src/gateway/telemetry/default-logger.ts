import { destination, type Logger, pino } from "pino";

/** The logger of a gateway that is given none: warnings and errors as JSON lines to standard error, nothing else. */
export const createDefaultLogger = (): Logger => pino({ level: "warn" }, destination({ dest: 2, sync: true }));
