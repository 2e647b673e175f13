/** The load generator as a process of its own, so that it can be kept off the server's core. Takes orders over IPC. */
import { generateLoad, type LoadOrder, type LoadResult } from "./generate.ts";

/** `id` is that of the order. */
export type LoadAnswer = { readonly id: number } & ({ readonly result: LoadResult } | { readonly error: string });

if (import.meta.main) {
  process.on("message", async ({ id, ...order }: LoadOrder & { readonly id: number }) => {
    const answer: LoadAnswer = await generateLoad(order).then(
      (result) => ({ id, result }),
      (error: Error) => ({ id, error: error.message }),
    );
    process.send?.(answer);
  });
  process.on("disconnect", () => process.exit());
}
