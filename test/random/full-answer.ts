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

/** What every object of a full answer carries beside what was asked for: the name of its type. */
export const typeKey = "typeOfThis";

export interface FullAnswer {
  readonly data: Json;
  /** The paths of what was thrown, joined by dots. A null in a place that must not be null is an error as well. */
  readonly errors: ReadonlySet<string>;
}

/**
 * The answer in which an error makes its own field null and nothing else, whatever the schema says: what a stream
 * delivers and where it breaks off can be worked out from it. graphql's own plain execution makes it.
 *
 * @param schema one in which all is nullable, see `nullableSchema`
 */
export async function fullAnswer(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
  contextValue: unknown,
): Promise<FullAnswer> {
  const result: ExecutionResult = await execute({
    schema,
    document: annotated(document),
    variableValues,
    contextValue,
  });
  if (result.data === undefined) throw new Error(`The operation was refused: ${result.errors}`);
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
