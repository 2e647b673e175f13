/** The load generator in a process of its own, to pin it to another core than the server. Gets requests over IPC. */
import { generateLoad, type LoadOptions, type LoadResult } from "./generate.ts";

/** `id` is that of the request. */
export type LoadResponse = { readonly id: number } & ({ readonly result: LoadResult } | { readonly error: string });

if (import.meta.main) {
  process.on("message", async ({ id, ...options }: LoadOptions & { readonly id: number }) => {
    const response: LoadResponse = await generateLoad(options).then(
      (result) => ({ id, result }),
      (error: Error) => ({ id, error: error.message }),
    );
    process.send?.(response);
  });
  process.on("disconnect", () => process.exit());
}
