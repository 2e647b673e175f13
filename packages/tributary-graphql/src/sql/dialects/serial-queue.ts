/**
 * Runs asynchronous functions one after the other. For the statements of a connection: a transaction may get several at
 * the same time. When one fails, the rollback has to wait for the others.
 */
export function createSerialQueue(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
}
