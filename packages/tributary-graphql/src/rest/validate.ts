import type { StandardSchemaV1 } from "@standard-schema/spec";

/** Stands for what a schema threw: a transformation of its own failed, or the value is nested deeper than it can follow. */
export interface ThrownIssue extends StandardSchemaV1.Issue {
  readonly thrown: unknown;
}

/** What a schema makes of a value; one that throws refuses it, as one that tells issues. */
export async function validate(schema: StandardSchemaV1, value: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  try {
    return await schema["~standard"].validate(value);
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
    const issue: ThrownIssue = { message: `its schema threw a ${name}`, thrown };
    return { issues: [issue] };
  }
}

/** What was thrown, where an issue stands for that. */
export const thrownIn = (issues: readonly StandardSchemaV1.Issue[]): unknown =>
  issues.find((issue): issue is ThrownIssue => "thrown" in issue)?.thrown;
