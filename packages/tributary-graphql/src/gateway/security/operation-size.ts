import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionSetNode,
} from "graphql";
import type { RequestLimits } from "../limits.ts";
import { refusal } from "./refusal.ts";

/** The size of an operation, its fragments counted wherever they are spread. */
interface Size {
  /** Fields, those that are deferred and those of streamed lists included. */
  readonly fields: number;
  /** Selection sets within each other. */
  readonly depth: number;
}

/**
 * Refuses a document with an operation that its fragments make too large: thirty fragments that each spread the next one
 * twice are a short text, and a billion fields.
 *
 * @throws GraphQLError `LIMIT_EXCEEDED`
 */
export function assertSmallOperations(document: DocumentNode, limits: RequestLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const sizes = new Map<string, Size>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { fields, depth } = sizeOf(definition.selectionSet, fragments, sizes);
    if (fields > limits.operationFields) throw tooLarge(`has ${shown(fields)} fields`, limits.operationFields);
    if (depth > limits.documentNesting) throw tooLarge(`nests ${shown(depth)} deep`, limits.documentNesting);
  }
}

function tooLarge(fault: string, allowed: number): GraphQLError {
  const message = `The operation ${fault}, its fragments counted wherever they are spread; at most ${allowed} are allowed.`;
  return refusal("LIMIT_EXCEEDED", message, { status: 400, isDocumentFault: true });
}

const shown = (count: number): string => (Number.isSafeInteger(count) ? String(count) : "very many");

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function sizeOf({ selections }: SelectionSetNode, fragments: Fragments, known: Map<string, Size>): Size {
  let fields = 0;
  let depth = 0;
  for (const selection of selections) {
    const isField = selection.kind === Kind.FIELD;
    if (isField) fields++;
    const within =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? sizeOfFragment(selection.name.value, fragments, known)
        : selection.selectionSet && sizeOf(selection.selectionSet, fragments, known);
    fields += within?.fields ?? 0;
    depth = Math.max(depth, (within?.depth ?? 0) + (isField ? 1 : 0));
  }
  return { fields, depth };
}

/** Each is measured once. One that spreads itself is nothing there: validation is to refuse it. */
function sizeOfFragment(name: string, fragments: Fragments, known: Map<string, Size>): Size {
  const measured = known.get(name);
  if (measured) return measured;
  known.set(name, { fields: 0, depth: 0 });
  const fragment = fragments.get(name);
  const size = fragment ? sizeOf(fragment.selectionSet, fragments, known) : { fields: 0, depth: 0 };
  known.set(name, size);
  return size;
}
