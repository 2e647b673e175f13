import { Writable } from "node:stream";
import { prettyFactory } from "pino-pretty";

/** A stream that takes the text: a terminal, `process.stdout` for instance. */
export interface Terminal {
  write(text: string): unknown;
  hasColors?(): boolean;
}

/** Writes the log to a terminal: each JSON line as a line for people, any other as it is. */
export function linesForPeople(terminal: Terminal): Writable {
  const shown = prettyFactory({
    colorize: terminal.hasColors?.() ?? false,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "pid,hostname",
  });
  return new Writable({
    decodeStrings: false,
    // Loggers write whole lines, so none has to be kept for the next chunk.
    write(chunk: string | Buffer, _encoding, done) {
      terminal.write(String(chunk).replace(/^\{.*\}$\n?/gm, (line) => shown(line)));
      done();
    },
  });
}
