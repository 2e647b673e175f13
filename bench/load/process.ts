/** The load generator as a process of its own, so that it can be kept off the server's core. Takes orders over IPC. */
import { generateLoad, type LoadOrder, type LoadResult } from "./generate.ts";

export type LoadAnswer = { readonly result: LoadResult } | { readonly error: string };

if (import.meta.main) {
  process.on("message", async (order: LoadOrder) => {
    const answer: LoadAnswer = await generateLoad(order).then(
      (result) => ({ result }),
      (error: Error) => ({ error: error.message }),
    );
    process.send?.(answer);
  });
  process.on("disconnect", () => process.exit());
}
