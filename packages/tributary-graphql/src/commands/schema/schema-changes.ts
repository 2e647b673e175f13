import { type Change, CriticalityLevel, diff } from "@graphql-inspector/core";
import { type RejectedOperation, rejectedOperations } from "../operations.ts";
import { type Approval, type ChangeIdentity, type FreshStart, isSameChange } from "./approvals.ts";
import type { Contract } from "./contract.ts";
import { type OperationUsage, operationUsages } from "./operation-usage.ts";

/** A change after which a client may fail. */
export interface BreakingChange extends ChangeIdentity {
  /** Why this breaks clients, in general. */
  readonly why?: string;
  /** The known operations that use the changed part, `CityPage (operations/city-page.graphql)`. */
  readonly affected: readonly string[];
  readonly approval?: Approval;
}

/** The differences between two contracts. */
export interface SchemaChanges {
  readonly breaking: readonly BreakingChange[];
  /** Messages of changes that affect only some clients, such as a new enum value. */
  readonly dangerous: readonly string[];
  /** Messages of changes that affect no client. */
  readonly safe: readonly string[];
  /** Operations in the work tree that are invalid against the schema. They cannot be approved. */
  readonly rejected: readonly RejectedOperation[];
  /** Approvals since the base that match no change. */
  readonly idleApprovals: readonly Approval[];
}

/** A type of change beside the inspector's: an operation became invalid, and no other change explains it. */
const operationRefused = "OPERATION_REFUSED";

/**
 * Compares two contracts. The clients are the operations of the base, because those are deployed. An approval that the base
 * already has does not count: it was for a change that the base has too. So the file keeps the history of approvals, and
 * approves nothing twice.
 */
export async function compareContracts(base: Contract, here: Contract): Promise<SchemaChanges> {
  const changes = await diff(base.schema, here.schema);
  const approvals = here.approvals.filter((one) => !base.approvals.some((merged) => isSameChange(one, merged)));
  const usages = operationUsages(base.schema, base.operations);
  const broken = changes.filter(isLevel(CriticalityLevel.Breaking)).map((change) => describe(change, usages));
  const all = [...broken, ...unexplainedRefusals(base, here, broken)];
  const approvalOf = (change: ChangeIdentity): Approval | undefined =>
    approvals.find((one) => isSameChange(one, change)) ??
    (here.freshStart?.replaced === base.fingerprint ? approvedAtOnce(change, here.freshStart) : undefined);
  return {
    breaking: all.map((change) => ({ ...change, approval: approvalOf(change) })),
    dangerous: changes.filter(isLevel(CriticalityLevel.Dangerous)).map(({ message }) => message),
    safe: changes.filter(isLevel(CriticalityLevel.NonBreaking)).map(({ message }) => message),
    rejected: rejectedOperations(here.schema, here.operations),
    idleApprovals: approvals.filter((one) => !all.some((change) => isSameChange(one, change))),
  };
}

const approvedAtOnce = ({ type, path, message }: ChangeIdentity, { reason, by }: FreshStart): Approval => ({
  type,
  path,
  message,
  reason,
  by,
});

/** The result without a base: only the invalid operations. */
export const firstContract = (here: Contract): SchemaChanges => ({
  breaking: [],
  dangerous: [],
  safe: [],
  rejected: rejectedOperations(here.schema, here.operations),
  idleApprovals: [],
});

export const unapprovedChanges = ({ breaking }: SchemaChanges): BreakingChange[] =>
  breaking.filter(({ approval }) => approval === undefined);

const isLevel =
  (level: CriticalityLevel) =>
  ({ criticality }: Change): boolean =>
    criticality.level === level;

function describe(change: Change, usages: readonly OperationUsage[]): BreakingChange {
  const { type, message, path = "" } = change;
  const changed = usedCoordinate(type, path);
  const affected = usages.filter(({ coordinates }) => coordinates.has(changed)).map(clientName);
  return { type, path, message, why: firstSentence(change.criticality.reason), affected };
}

const firstSentence = (text: string | undefined): string | undefined => text?.match(/^.*?\.(?=\s|$)/s)?.[0] ?? text;

/** The coordinate that an affected client uses. For a new argument or input field, the field or type that has it. */
const usedCoordinate = (type: string, path: string): string =>
  /^(FIELD_ARGUMENT|INPUT_FIELD)_ADDED$/.test(type) ? path.slice(0, path.lastIndexOf(".")) : path;

const clientName = ({ operation, path }: OperationUsage): string => `${operation} (${path})`;

/** Operations that were valid in the base and are invalid now, and that no other breaking change affects. */
function unexplainedRefusals(base: Contract, here: Contract, broken: readonly BreakingChange[]): BreakingChange[] {
  const explained = broken.flatMap(({ affected }) => affected);
  const refusedBefore = new Set(rejectedOperations(base.schema, base.operations).map(({ path }) => path));
  return rejectedOperations(here.schema, base.operations)
    .filter(({ path }) => !refusedBefore.has(path) && !explained.some((client) => client.endsWith(`(${path})`)))
    .map(({ path, message }) => ({ type: operationRefused, path, message, affected: [path] }));
}
