import DataLoader from "dataloader";

/**
 * One loader for each distinct set of arguments: parents that ask for the same thing share a batch, and a field that
 * is asked with other arguments (an alias, another fragment) has a batch of its own beside it.
 */
export function loaderByArguments<Arguments extends object, Key extends string | number, Value>(
  batch: (arguments_: Arguments, keys: readonly Key[]) => Promise<Value[]>,
): (arguments_: Arguments) => DataLoader<Key, Value> {
  const loaders = new Map<string, DataLoader<Key, Value>>();
  return (arguments_) => {
    const key = JSON.stringify(arguments_);
    let loader = loaders.get(key);
    if (loader === undefined) {
      loader = new DataLoader((keys) => batch(arguments_, keys));
      loaders.set(key, loader);
    }
    return loader;
  };
}
