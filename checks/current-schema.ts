import { fileURLToPath } from "node:url";
import { assertSchema, type GraphQLSchema } from "graphql";

/** The root of the checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The schema as the code defines it now. Loaded when asked for, so that checks can be tested without it. */
export async function loadCurrentSchema(): Promise<GraphQLSchema> {
  const { schema } = await import("../schema/index.ts");
  return assertSchema(schema);
}
