import type { Plan } from "./reads/plan.ts";
import { twinKeyType } from "./reads/write.ts";
import { usesOfArguments } from "./reads/write-arguments.ts";

/** The imports that a generated file needs: of the readers, what its reads and batches call. */
export function importsFor(plan: Plan, hasDateTime: boolean, rest: string): string {
  const { reads, batches } = plan;
  const called = reads
    .flatMap(({ pages }) => pages?.paging.next ?? [])
    .concat(batches.map(({ proposal }) => proposal.keyParameter.keys));
  const names = called.flatMap((code) => /^(\w+)\(/.exec(code)?.[1] ?? []);
  const hasPath = reads.some(({ operation }) => operation.template.path.includes("{"));
  const hasRestKey = batches.some(({ twin }) => twin && twinKeyType(twin) === "RestKey");
  const from = (file: string, imported: readonly string[]): string =>
    imported.length > 0 ? `import { ${[...new Set(imported)].sort().join(", ")} } from "${rest}${file}";\n` : "";
  return [
    'import { z } from "zod";\n',
    from("date-time.ts", hasDateTime ? ["isDateTime"] : []),
    from(
      "query.ts",
      reads.flatMap(({ operation, arguments: { query } }) => usesOfArguments(query, operation.template.query)),
    ),
    from("reads.ts", [
      "createRestReads",
      ...names,
      ...(hasPath ? ["path"] : []),
      ...(hasRestKey ? ["type RestKey"] : []),
    ]),
    `import { createUpstream, type Upstream, type UpstreamOptions, type UpstreamScope } from "${rest}upstream.ts";`,
  ].join("");
}
