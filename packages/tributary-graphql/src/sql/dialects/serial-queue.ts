/**
 * Runs asynchronous functions one after the other. For the statements of a connection: a transaction may get several at once,
 * and must not be rolled back while one of them still runs after another has failed.
 */
export function createSerialQueue(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
}
