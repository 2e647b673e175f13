/** Loaded with `--import`: SIGWINCH causes an unhandled rejection, and SIGIO an uncaught exception. */

process.on("SIGWINCH", () => void Promise.reject(new Error("a rejection that slipped through")));
process.on("SIGIO", () => {
  throw new Error("an exception that slipped through");
});
