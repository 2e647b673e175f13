import type { Plan } from "./reads/plan.ts";
import { singleKeyType } from "./reads/write.ts";
import { usesOfArguments } from "./reads/write-arguments.ts";

/** The imports of a generated file. */
export function importsFor(plan: Plan, hasDateTime: boolean): string {
  const { reads, batches } = plan;
  const called = reads
    .flatMap(({ pages }) => pages?.paging.next ?? [])
    .concat(batches.map(({ proposal }) => proposal.keyParameter.keys));
  const names = called.flatMap((code) => /^(\w+)\(/.exec(code)?.[1] ?? []);
  const hasPath = reads.some(({ operation }) => operation.template.path.includes("{"));
  const hasRestKey = batches.some(({ single }) => single && singleKeyType(single) === "RestKey");
  const used = reads.flatMap(({ operation, arguments: { query } }) => usesOfArguments(query, operation.template.query));
  const imported = new Set([
    "createRestReads",
    "createUpstream",
    ...(hasDateTime ? ["isDateTime"] : []),
    ...used,
    ...names,
    ...(hasPath ? ["path"] : []),
    ...(hasRestKey ? ["type RestKey"] : []),
    "type Upstream",
    "type UpstreamOptions",
    "type UpstreamScope",
  ]);
  return `import { ${[...imported].sort().join(", ")} } from "tributary-graphql/rest";\nimport { z } from "zod";`;
}
