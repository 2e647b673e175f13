import { type Change, CriticalityLevel, diff } from "@graphql-inspector/core";
import { type RejectedOperation, rejectedOperations } from "../operations.ts";
import { type Approval, type ChangeIdentity, type FreshStart, isSameChange } from "./approvals.ts";
import type { Contract } from "./contract.ts";
import { type OperationUsage, operationUsages } from "./operation-usage.ts";

/** A change after which a client that worked may fail. */
export interface BreakingChange extends ChangeIdentity {
  /** Why this breaks clients, in general. */
  readonly why?: string;
  /** The known operations that touch what changes, `CityPage (operations/city-page.graphql)`. */
  readonly hurts: readonly string[];
  /** Present when somebody answered for it. */
  readonly approval?: Approval;
}

/** How one contract differs from an earlier one. */
export interface SchemaChanges {
  readonly breaking: readonly BreakingChange[];
  /** Messages: changes that only a careless client notices, such as a new enum value. */
  readonly dangerous: readonly string[];
  /** Messages: changes that no client notices. */
  readonly safe: readonly string[];
  /** Operations in the work tree that the schema refuses. Nothing approves these: mend the one or the other. */
  readonly rejected: readonly RejectedOperation[];
  /** Approvals made since the base for a change that is not there. */
  readonly idleApprovals: readonly Approval[];
}

/** A change of ours beside the inspector's: an operation that worked is refused, and no other change explains it. */
const operationRefused = "OPERATION_REFUSED";

/**
 * Compares two contracts. The clients are the operations of the base: those are in use, whatever the work tree made of
 * them. An approval counts until it is merged: one that the base already has was for a change that the base has too,
 * so the file keeps the history of what was broken and why, and never approves the same thing twice.
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

/** The faults of a first contract: an operation of its own that it refuses. */
export const firstContract = (here: Contract): SchemaChanges => ({
  breaking: [],
  dangerous: [],
  safe: [],
  rejected: rejectedOperations(here.schema, here.operations),
  idleApprovals: [],
});

/** Breaking changes that nobody answered for. */
export const unapprovedChanges = ({ breaking }: SchemaChanges): BreakingChange[] =>
  breaking.filter(({ approval }) => approval === undefined);

const isLevel =
  (level: CriticalityLevel) =>
  ({ criticality }: Change): boolean =>
    criticality.level === level;

function describe(change: Change, usages: readonly OperationUsage[]): BreakingChange {
  const { type, message, path = "" } = change;
  const touched = touchedCoordinate(type, path);
  const hurt = usages.filter(({ coordinates }) => coordinates.has(touched));
  return { type, path, message, why: firstSentence(change.criticality.reason), hurts: hurt.map(clientName) };
}

const firstSentence = (text: string | undefined): string | undefined => text?.match(/^.*?\.(?=\s|$)/s)?.[0] ?? text;

/** The coordinate that a client has to use to notice the change. For a new required part, the one that it was added to. */
const touchedCoordinate = (type: string, path: string): string =>
  /^(FIELD_ARGUMENT|INPUT_FIELD)_ADDED$/.test(type) ? path.slice(0, path.lastIndexOf(".")) : path;

const clientName = ({ operation, path }: OperationUsage): string => `${operation} (${path})`;

/** Operations that the base took and this schema does not, though nothing above says that they are hurt. */
function unexplainedRefusals(base: Contract, here: Contract, broken: readonly BreakingChange[]): BreakingChange[] {
  const explained = broken.flatMap(({ hurts }) => hurts);
  const refusedBefore = new Set(rejectedOperations(base.schema, base.operations).map(({ path }) => path));
  return rejectedOperations(here.schema, base.operations)
    .filter(({ path }) => !refusedBefore.has(path) && !explained.some((client) => client.endsWith(`(${path})`)))
    .map(({ path, message }) => ({ type: operationRefused, path, message, hurts: [path] }));
}
