/** Writes the declarations of documents for the parent process, and reports the outcomes. */
import { writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { CommandError } from "../../../../src/commands/command-error.ts";
import { loadDocument } from "../../../../src/commands/openapi/document/load.ts";
import { assertReadable } from "../../../../src/commands/openapi/reads/assert-readable.ts";
import { writeService } from "../../../../src/commands/openapi/service-file.ts";

export interface WriteRequest {
  readonly location: string;
  readonly name: string;
  readonly path: string;
}

/** The outcome of a document. */
export type WriteOutcome =
  | {
      readonly kind: "written";
      readonly reads: number;
      readonly proposals: readonly string[];
      readonly leftOut: readonly string[];
    }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "crashed"; readonly reason: string };

parentPort?.on("message", async (request: WriteRequest) => parentPort?.postMessage(await outcomeOf(request)));

async function outcomeOf({ location, name, path }: WriteRequest): Promise<WriteOutcome> {
  try {
    const { code, plan } = writeService(await loadDocument(location), { location, name, only: [] });
    const leftOut = plan.leftOut.map(({ operation, message }) => `${operation.method} ${operation.path}: ${message}`);
    assertReadable(plan, { location });
    writeFileSync(path, code);
    return {
      kind: "written",
      reads: plan.reads.length,
      proposals: [
        ...plan.batches.map(
          ({ name: batch, operation, proposal }) =>
            `batch ${batch} ${proposal.reader} ${operation.method} ${operation.path} ${proposal.keyParameter.keys} ${proposal.maxKeys}: ${proposal.why}`,
        ),
        ...plan.reads.flatMap(({ operation, pages }) =>
          pages ? [`pages ${operation.path} ${pages.paging.next}: ${pages.paging.why}`] : [],
        ),
      ],
      leftOut,
    };
  } catch (error) {
    if (error instanceof CommandError) return { kind: "refused", reason: error.message };
    return { kind: "crashed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
