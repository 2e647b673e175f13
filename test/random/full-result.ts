import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLDeferDirective,
  type GraphQLSchema,
  GraphQLStreamDirective,
  Kind,
  visit,
} from "graphql";
import type { Json } from "./responses.ts";

/** The additional key of each object in a full result, with the name of its type. */
export const typeKey = "typeOfThis";

export interface FullResult {
  readonly data: Json;
  /** The paths of thrown errors, joined by dots. A null in a non-null position is an error too, but not in this set. */
  readonly errors: ReadonlySet<string>;
}

/**
 * The result without null propagation, from graphql's own execution. The payloads of a stream are computed from it.
 *
 * @param schema the result of `nullableSchema`
 */
export async function fullResult(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
  contextValue: unknown,
): Promise<FullResult> {
  const result: ExecutionResult = await execute({
    schema,
    document: annotated(document),
    variableValues,
    contextValue,
  });
  if (result.data === undefined) throw new Error(`The operation is invalid: ${result.errors}`);
  return {
    data: JSON.parse(JSON.stringify(result.data)),
    errors: new Set(result.errors?.map(({ path }) => path?.join(".") ?? "")),
  };
}

const annotated = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Directive: ({ name }) =>
      name.value === GraphQLDeferDirective.name || name.value === GraphQLStreamDirective.name ? null : undefined,
    SelectionSet: {
      leave: (node) => ({
        ...node,
        selections: [
          ...node.selections,
          {
            kind: Kind.FIELD,
            alias: { kind: Kind.NAME, value: typeKey },
            name: { kind: Kind.NAME, value: "__typename" },
          },
        ],
      }),
    },
  });
