/**
 * The `prepublishOnly` script: refuses to publish the folder. npm would send the registry the manifest as it is after
 * packing, which names src/ again, so that an installed package would lack its command. A tarball has its own manifest.
 */
if (import.meta.main) {
  console.error("The folder cannot be published, only the tarball: run `npm run release`.");
  process.exitCode = 1;
}
