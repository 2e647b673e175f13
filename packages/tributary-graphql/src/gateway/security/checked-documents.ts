import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  Location,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  specifiedRules,
  type ValidationRule,
  validate,
} from "graphql";
import { LRUCache } from "lru-cache";
import { hasIncremental } from "../execution/incremental-directives.ts";
import type { RequestLimits } from "../limits.ts";
import { assertSmallOperations } from "./operation-size.ts";
import { parseDocument } from "./parse-document.ts";
import { asRefusal, maxRefusalErrors } from "./refusal.ts";

/** Characters of all cached documents. A document takes about a hundred times the memory of its text. */
const maxCachedCharacters = 1_000_000;

/** The shortest document takes about 7 kB of memory, so at most one per so many characters is cached. */
const charactersForEach = 100;

export interface CheckedDocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly limits: RequestLimits;
  /** Closes suggestions in messages. */
  readonly isProduction: boolean;
  /** Whether introspection is allowed. */
  readonly opensIntrospection: boolean;
  /** Characters of all cached documents together. Default 1,000,000. */
  readonly maxCharacters?: number;
}

/**
 * Parses and validates documents. Valid ones are cached by their text, in an LRU cache that is bounded by the size of all: a
 * thousand large ones would fill the memory. A document that alone takes a twentieth of that is parsed each time, and so is
 * an invalid one: clients rarely send one twice.
 *
 * The result holds for every request: there is one schema, and the rules are fixed at the start.
 */
export class CheckedDocuments {
  readonly #options: CheckedDocumentsOptions;
  readonly #valid: LRUCache<string, ParsedDocument>;
  /** By their text, for good. */
  readonly #kept = new Map<string, ParsedDocument>();
  readonly #byDocument = new WeakMap<DocumentNode, ParsedDocument>();

  constructor(options: CheckedDocumentsOptions) {
    this.#options = options;
    const maxSize = options.maxCharacters ?? maxCachedCharacters;
    this.#valid = new LRUCache({
      max: Math.ceil(maxSize / charactersForEach),
      maxSize,
      maxEntrySize: maxSize / 20,
      sizeCalculation: (_, text) => text.length,
    });
  }

  /**
   * @throws GraphQLError a refusal: it is too large, or not valid GraphQL
   */
  parse(text: string): ParsedDocument {
    const known = this.#kept.get(text) ?? this.#valid.get(text);
    if (known) return known;
    const parsed = new ParsedDocument(text, parseDocument(text, this.#options.limits));
    this.#byDocument.set(parsed.document, parsed);
    return parsed;
  }

  /**
   * Parses and validates a document that is cached for good. It may ask for the schema, whoever may not.
   *
   * @throws GraphQLError its first fault
   */
  keep(text: string): void {
    const { schema, limits } = this.#options;
    const parsed = new ParsedDocument(text, parseDocument(text, limits));
    const [fault] = validate(schema, parsed.document, specifiedRules, { maxErrors: 1 });
    if (fault) throw fault;
    parsed.isValid = true;
    freeze(parsed.document);
    this.#byDocument.set(parsed.document, parsed);
    this.#kept.set(text, parsed);
  }

  /**
   * A document that a plugin passes: one that was parsed here, or one of its own.
   *
   * @throws GraphQLError a refusal: it is too large
   */
  of(document: DocumentNode): ParsedDocument {
    const known = this.#byDocument.get(document);
    if (known) return known;
    assertSmallOperations(document, this.#options.limits);
    const parsed = new ParsedDocument(undefined, document);
    this.#byDocument.set(document, parsed);
    return parsed;
  }

  /**
   * The errors of a document by the schema. Empty for a valid one.
   *
   * @param furtherRules of plugins. They may depend on the request, so they are applied each time. Default none.
   */
  validate(parsed: ParsedDocument, furtherRules: readonly ValidationRule[] = []): readonly GraphQLError[] {
    const errors = this.#validate(parsed);
    if (errors.length > 0 || furtherRules.length === 0) return errors;
    const { schema, isProduction } = this.#options;
    return validate(schema, parsed.document, furtherRules, {
      hideSuggestions: isProduction,
      maxErrors: maxRefusalErrors,
    });
  }

  #validate(parsed: ParsedDocument): readonly GraphQLError[] {
    if (parsed.isValid) return [];
    const { schema, isProduction, opensIntrospection } = this.#options;
    if (!opensIntrospection) {
      const introspection = introspectionIn(schema, parsed.document);
      if (introspection) return [introspection];
    }
    const options = { hideSuggestions: isProduction, maxErrors: maxRefusalErrors };
    const errors = validate(schema, parsed.document, specifiedRules, options);
    if (errors.length > 0) return errors.map((error) => asRefusal("GRAPHQL_VALIDATION_FAILED", clearer(error)));
    parsed.isValid = true;
    if (parsed.text === undefined) return [];
    this.#valid.set(parsed.text, parsed);
    if (this.#valid.has(parsed.text)) freeze(parsed.document);
    return [];
  }
}

/** Requests share a cached document, and resolvers see it in their `info`: none may change it for the others. */
function freeze(node: object): void {
  for (const value of Object.values(node)) {
    if (value instanceof Location) Object.freeze(value);
    else if (typeof value === "object" && value !== null) freeze(value);
  }
  Object.freeze(node);
}

/** One error, however many fields of the schema are asked for; undefined where none is. */
function introspectionIn(schema: GraphQLSchema, document: DocumentNode): GraphQLError | undefined {
  const [first] = validate(schema, document, [NoSchemaIntrospectionCustomRule], { maxErrors: 1 });
  const node = first?.nodes?.[0];
  if (first === undefined) return undefined;
  const message = "Introspection is closed here: the document asks for the schema.";
  return asRefusal("GRAPHQL_VALIDATION_FAILED", new GraphQLError(message, node ? { nodes: [node] } : {}));
}

/** The messages with which graphql stops do not say what there is too much of. */
function clearer(error: GraphQLError): GraphQLError {
  const message = clearerMessages[error.message];
  return message === undefined ? error : new GraphQLError(message);
}

/** `OverlappingFieldsCanBeMergedRule` takes so many steps at most, which graphql does not export. */
const maxFieldComparisons = 500_000;

const clearerMessages: Readonly<Record<string, string>> = {
  "Validation aborted.":
    "The document repeats fields or fragments too often: to compare those of the same response name with each other takes " +
    `more than ${maxFieldComparisons} steps. Ask for each field once in a selection set, and spread each fragment once.`,
  "Too many validation errors, error limit reached. Validation aborted.": `The document has more than ${maxRefusalErrors} errors: the others are left out.`,
};

/** A document with the facts that each request needs. */
export class ParsedDocument {
  /** Unset for the document of a plugin, which is not cached. */
  readonly text: string | undefined;
  readonly document: DocumentNode;
  /** Whether @defer or @stream is anywhere in it. */
  readonly isIncremental: boolean;
  isValid = false;
  readonly #operations = new Map<string, OperationDefinitionNode>();
  readonly #only: OperationDefinitionNode | undefined;

  constructor(text: string | undefined, document: DocumentNode) {
    this.text = text;
    this.document = document;
    this.isIncremental = hasIncremental(document);
    const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    this.#only = operations.length === 1 ? operations[0] : undefined;
    for (const operation of operations) {
      const name = operation.name?.value;
      if (name !== undefined && !this.#operations.has(name)) this.#operations.set(name, operation);
    }
  }

  /** The operation of this name, or without a name the only one. Undefined where there is none, or several. */
  operation(name: string | null | undefined): OperationDefinitionNode | undefined {
    return name === null || name === undefined ? this.#only : this.#operations.get(name);
  }
}
