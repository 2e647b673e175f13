/**
 * Creates one loader per distinct set of arguments. Parents with the same arguments share a batch; the same field with
 * other arguments (an alias, another fragment) has a separate batch.
 *
 * @param create creates the loader for these arguments; they are compared by their JSON
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
