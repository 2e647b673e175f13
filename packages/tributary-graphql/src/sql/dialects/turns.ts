/**
 * Runs what it is given one after another. For the statements of a connection: a transaction may be given several side by
 * side, and is rolled back while one of them still runs when another has failed.
 */
export function oneAfterAnother(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
}
