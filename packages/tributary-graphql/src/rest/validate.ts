import type { StandardSchemaV1 } from "@standard-schema/spec";

/** Stands for what a schema threw: a transformation of its own failed, or the value is nested deeper than it can follow. */
export interface ThrownIssue extends StandardSchemaV1.Issue {
  readonly thrown: unknown;
}

/** The result of a schema for a value. A schema that throws refuses it, like one that returns issues. */
export async function validate(schema: StandardSchemaV1, value: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  try {
    return await schema["~standard"].validate(value);
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
    const issue: ThrownIssue = { message: `its schema threw a ${name}`, thrown };
    return { issues: [issue] };
  }
}

/** The thrown error, where an issue represents one. */
export const thrownIn = (issues: readonly StandardSchemaV1.Issue[]): unknown =>
  issues.find((issue): issue is ThrownIssue => "thrown" in issue)?.thrown;
