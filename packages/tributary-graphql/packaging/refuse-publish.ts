/**
 * npm runs this before it publishes the folder. npm tells the registry of the manifest as it stands after packing, which
 * names src/ again: whoever installs that package has no command. A tarball has its own manifest.
 */
if (import.meta.main) {
  console.error("Publish the tarball and not the folder: `npm run release` does so.");
  process.exitCode = 1;
}
