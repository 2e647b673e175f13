/** Loaded before a server (`--import`): lets something slip through whenever the process is sent SIGWINCH or SIGIO. */

process.on("SIGWINCH", () => void Promise.reject(new Error("a rejection that slipped through")));
process.on("SIGIO", () => {
  throw new Error("an exception that slipped through");
});
