import type { StandardSchemaV1 } from "@standard-schema/spec";

/** The issue of a schema that threw: one of its transformations failed, or the value is nested too deeply for it. */
export interface ThrownIssue extends StandardSchemaV1.Issue {
  readonly thrown: unknown;
}

/** The result of a schema for a value. A schema that throws gives a {@link ThrownIssue}. */
export async function validate(schema: StandardSchemaV1, value: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  try {
    return await schema["~standard"].validate(value);
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
    const issue: ThrownIssue = { message: `its schema threw a ${name}`, thrown };
    return { issues: [issue] };
  }
}

/** The error that a schema threw; undefined if it threw none. */
export const thrownIn = (issues: readonly StandardSchemaV1.Issue[]): unknown =>
  issues.find((issue): issue is ThrownIssue => "thrown" in issue)?.thrown;
