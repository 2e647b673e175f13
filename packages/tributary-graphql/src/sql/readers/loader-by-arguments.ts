/**
 * One loader for each distinct set of arguments: parents that ask for the same thing share a batch, and a field that
 * is asked with other arguments (an alias, another fragment) has a batch of its own beside it.
 *
 * @param create makes the loader of these arguments, which are told apart by their JSON
 */
export function loaderByArguments<Arguments extends object, Loader>(
  create: (arguments_: Arguments) => Loader,
): (arguments_: Arguments) => Loader {
  const loaders = new Map<string, Loader>();
  return (arguments_) => {
    const key = JSON.stringify(arguments_);
    const loader = loaders.get(key) ?? create(arguments_);
    loaders.set(key, loader);
    return loader;
  };
}
