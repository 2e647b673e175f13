import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from "graphql";
import type { RequestLimits } from "../limits.ts";
import { refusal } from "./refusal.ts";

/** The size of an operation, its fragments counted wherever they are spread. */
interface Size {
  /** Fields, those that are deferred and those of streamed lists included. */
  readonly fields: number;
  /** The fields that are not within another one. */
  readonly outerFields: number;
  /** Selection sets within each other. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** The most directives of one field, fragment or spread. */
  readonly directivesAtOnce: number;
}

const nothing: Size = { fields: 0, outerFields: 0, depth: 0, aliases: 0, directives: 0, directivesAtOnce: 0 };

/**
 * Refuses a document with an operation that its fragments make too large: thirty fragments that each spread the next one
 * twice are a short text, and a billion fields.
 *
 * @throws GraphQLError `LIMIT_EXCEEDED`
 */
export function assertSmallOperations(document: DocumentNode, limits: RequestLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let count = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    fragments.set(definition.name.value, definition);
    count++;
  }
  if (count > limits.documentFragments) {
    const message = `The document defines ${count} fragments; at most ${limits.documentFragments} are allowed.`;
    throw limitExceeded(message);
  }
  const sizes = new Map<string, Size>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    assertSmall(definition, sizeOf(definition.selectionSet, fragments, sizes), limits);
  }
}

function assertSmall({ operation, directives }: OperationDefinitionNode, size: Size, limits: RequestLimits): void {
  const { fields, depth, aliases, outerFields } = size;
  const own = directives?.length ?? 0;
  const isMutation = operation === OperationTypeNode.MUTATION;
  if (fields > limits.operationFields) throw tooLarge(`has ${shown(fields)} fields`, limits.operationFields);
  if (depth > limits.documentNesting) throw tooLarge(`nests ${shown(depth)} deep`, limits.documentNesting);
  if (aliases > limits.operationAliases) throw tooLarge(`has ${shown(aliases)} aliases`, limits.operationAliases);
  const maxOuterFields = isMutation ? Math.min(limits.rootFields, limits.mutationFields) : limits.rootFields;
  if (outerFields > maxOuterFields) throw tooLarge(`has ${shown(outerFields)} root fields`, maxOuterFields);
  if (size.directives + own > limits.operationDirectives)
    throw tooLarge(`has ${shown(size.directives + own)} directives`, limits.operationDirectives);
  const atOnce = Math.max(own, size.directivesAtOnce);
  if (atOnce > limits.locationDirectives) {
    throw limitExceeded(
      `The operation has ${atOnce} directives at one place; at most ${limits.locationDirectives} are allowed.`,
    );
  }
}

const tooLarge = (fault: string, allowed: number): GraphQLError =>
  limitExceeded(
    `The operation ${fault}, its fragments counted wherever they are spread; at most ${allowed} are allowed.`,
  );

const limitExceeded = (message: string): GraphQLError =>
  refusal("LIMIT_EXCEEDED", message, { status: 400, isDocumentFault: true });

const shown = (count: number): string => (Number.isSafeInteger(count) ? String(count) : "very many");

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function sizeOf({ selections }: SelectionSetNode, fragments: Fragments, known: Map<string, Size>): Size {
  let { fields, outerFields, depth, aliases, directives, directivesAtOnce } = nothing;
  for (const selection of selections) {
    const isField = selection.kind === Kind.FIELD;
    const within =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? sizeOfFragment(selection.name.value, fragments, known)
        : selection.selectionSet
          ? sizeOf(selection.selectionSet, fragments, known)
          : nothing;
    const own = selection.directives?.length ?? 0;
    fields += within.fields + (isField ? 1 : 0);
    outerFields += isField ? 1 : within.outerFields;
    depth = Math.max(depth, within.depth + (isField ? 1 : 0));
    aliases += within.aliases + (isField && selection.alias ? 1 : 0);
    directives += within.directives + own;
    directivesAtOnce = Math.max(directivesAtOnce, own, within.directivesAtOnce);
  }
  return { fields, outerFields, depth, aliases, directives, directivesAtOnce };
}

/** Each is measured once. One that spreads itself is nothing there: validation is to refuse it. */
function sizeOfFragment(name: string, fragments: Fragments, known: Map<string, Size>): Size {
  const measured = known.get(name);
  if (measured) return measured;
  known.set(name, nothing);
  const fragment = fragments.get(name);
  const size = fragment ? sizeOf(fragment.selectionSet, fragments, known) : nothing;
  known.set(name, size);
  return size;
}
