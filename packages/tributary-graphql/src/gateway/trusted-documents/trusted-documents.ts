import { type GraphQLError, OperationTypeNode } from "graphql";
import type { OperationParams, RequestMembers } from "../pipeline/operation-params.ts";
import type { CheckedDocuments } from "../security/checked-documents.ts";
import { refusal } from "../security/refusal.ts";
import { BudgetBreaches } from "./budget-breaches.ts";
import { budgetsByMeaning } from "./document-meaning.ts";
import { type ManifestDocument, readManifest, TrustedDocumentsError } from "./manifest-file.ts";
import { persistedIdOf } from "./persisted-id.ts";
import { RegisteredDocuments, sha256 } from "./registered-documents.ts";
import { TrustedDocument } from "./trusted-document.ts";
import {
  defaultManifest,
  type TrustedDocumentsMode,
  type TrustedDocumentsOptions,
} from "./trusted-documents-options.ts";

/** Counts since the start. */
export interface TrustedDocumentsCounts {
  /** Documents of all manifests. */
  readonly documents: number;
  /** Operations of a trusted document. */
  readonly trusted: number;
  /** Operations of another document, which `prefer` executes. */
  readonly untrusted: number;
  /** Refused texts (`only`), and ids and hashes that are not known. */
  readonly refused: number;
  /** Texts that clients have registered, at present. */
  readonly registered: number;
  /** Requests that made more calls than their budget, by the name of the operation. */
  readonly breaches: Readonly<Record<string, number>>;
}

export const noTrustedDocuments: TrustedDocumentsCounts = {
  documents: 0,
  trusted: 0,
  untrusted: 0,
  refused: 0,
  registered: 0,
  breaches: {},
};

/** The documents that a team trusts: found by id, by hash, and by their full text. */
export class TrustedDocuments {
  readonly #mode: TrustedDocumentsMode;
  readonly #byText = new Map<string, TrustedDocument>();
  readonly #byId = new Map<string, TrustedDocument>();
  readonly #registered: RegisteredDocuments | undefined;
  readonly #maxAges: Readonly<Record<string, number>>;
  readonly #breaches = new BudgetBreaches();
  #trusted = 0;
  #untrusted = 0;
  #refused = 0;

  /** @throws TrustedDocumentsError, one line, for a faulty option, manifest or document */
  constructor(options: TrustedDocumentsOptions, documents: CheckedDocuments) {
    const { mode = "off", files = [defaultManifest], acceptsRegistration = false, publicMaxAgeSeconds = {} } = options;
    if (mode === "only" && acceptsRegistration)
      throw optionFault("acceptsRegistration cannot be combined with the mode only: any text could be registered.");
    if (mode === "only" && files.length === 0) throw optionFault("the mode only needs a manifest in files.");
    this.#mode = mode;
    this.#registered = acceptsRegistration ? new RegisteredDocuments() : undefined;
    this.#maxAges = checkedMaxAges(publicMaxAgeSeconds);
    this.#load(files, documents);
  }

  get counts(): TrustedDocumentsCounts {
    return {
      documents: this.#byText.size,
      trusted: this.#trusted,
      untrusted: this.#untrusted,
      refused: this.#refused,
      registered: this.#registered?.size ?? 0,
      breaches: this.#breaches.counts,
    };
  }

  /**
   * The text of the document that a request without a text names; undefined where it names none.
   *
   * @throws GraphQLError a refusal (`PERSISTED_QUERY_NOT_FOUND`)
   */
  textOf(members: RequestMembers): string | undefined {
    const id = persistedIdOf(members);
    if (id === undefined) return undefined;
    const text = this.knownTextOf(members);
    if (text !== undefined) return text;
    this.#refused += 1;
    throw persistedQueryNotFound();
  }

  /** The same; undefined also for an id or hash that is not known, which a plugin may know. */
  knownTextOf(members: RequestMembers): string | undefined {
    const id = persistedIdOf(members);
    return id === undefined ? undefined : (this.#byId.get(id)?.text ?? this.#registered?.find(id));
  }

  /**
   * The trusted document with the text of a request; undefined for another text, where the mode executes that.
   *
   * @throws GraphQLError a refusal: `FORBIDDEN` with `only`, `BAD_USER_INPUT` for a hash that does not match
   */
  admit(params: OperationParams): TrustedDocument | undefined {
    const document = this.#byText.get(params.query);
    if (document) {
      this.#trusted += 1;
      return document;
    }
    if (this.#mode === "only") {
      this.#refused += 1;
      throw notTrusted();
    }
    const hash = this.#registered && persistedIdOf({ extensions: params.extensions });
    if (hash !== undefined) this.#registered?.assertMatches(hash, params.query);
    this.#untrusted += 1;
    return undefined;
  }

  /** Keeps a text that was sent with its hash, where clients may register. To be called for valid documents only. */
  register({ query, extensions }: OperationParams): void {
    const hash = this.#registered && persistedIdOf({ extensions });
    if (hash !== undefined) this.#registered?.register(hash, query);
  }

  /** For how many seconds the answer to a GET may be kept by anybody. */
  maxAgeOf(operationName: string | undefined, type: OperationTypeNode): number | undefined {
    if (operationName === undefined || type !== OperationTypeNode.QUERY) return undefined;
    return Object.hasOwn(this.#maxAges, operationName) ? this.#maxAges[operationName] : undefined;
  }

  #load(files: readonly (string | URL)[], documents: CheckedDocuments): void {
    for (const file of files) {
      for (const entry of readManifest(file)) this.#add(entry, String(file), documents);
    }
    const budgetOf = budgetsByMeaning([...this.#byText.values()], documents);
    for (const document of this.#byText.values()) document.addBudget(budgetOf(document));
  }

  #add({ id, text, budget }: ManifestDocument, file: string, documents: CheckedDocuments): void {
    const fault = (message: string) => new TrustedDocumentsError(`Trusted documents: ${file}: ${message}`);
    const hash = sha256(text);
    if (id.startsWith("sha256:") && id !== `sha256:${hash}`)
      throw fault(`the id ${id} is not the SHA-256 of ${titleOf(text)}, which is ${hash}.`);
    const key = id.replace(/^sha256:/, "");
    for (const each of [key, hash]) {
      const other = this.#byId.get(each);
      if (other !== undefined && other.text !== text) {
        throw fault(`the id ${each} of ${titleOf(text)} is that of ${titleOf(other.text)} in ${other.file} already.`);
      }
    }
    const document = this.#byText.get(text) ?? new TrustedDocument(hash, text, file, this.#breaches);
    document.addBudget(budget);
    if (!this.#byText.has(text)) keep(text, documents, fault);
    this.#byText.set(text, document);
    this.#byId.set(key, document).set(hash, document);
  }
}

function keep(text: string, documents: CheckedDocuments, fault: (message: string) => TrustedDocumentsError): void {
  try {
    documents.keep(text);
  } catch (error) {
    const { message } = error as GraphQLError;
    throw fault(`${titleOf(text)} is invalid: ${message.replaceAll("\n", " ")}`);
  }
}

/** The operation of a text that may be invalid, for messages. */
function titleOf(text: string): string {
  const [, type, name] = /\b(query|mutation|subscription)\s+(\w+)/.exec(text) ?? [];
  return name === undefined ? `the document ${JSON.stringify(text.slice(0, 60))}` : `${type} ${name}`;
}

function checkedMaxAges(maxAges: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  for (const [name, seconds] of Object.entries(maxAges)) {
    if (Number.isInteger(seconds) && seconds >= 0) continue;
    throw optionFault(`publicMaxAgeSeconds.${name}: expected a whole number of seconds, got ${seconds}.`);
  }
  return maxAges;
}

const optionFault = (message: string) => new TrustedDocumentsError(`trustedDocuments of createGateway: ${message}`);

/** Apollo Client and urql send the text when they read this very message; urql looks at nothing else. */
const persistedQueryNotFound = (): GraphQLError =>
  refusal("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", documentFault(400));

const notTrusted = (): GraphQLError =>
  refusal(
    "FORBIDDEN",
    "Only trusted documents are executed here, and this one is not among them: a client's operations have to be in a manifest " +
      "that the server loads.",
    documentFault(403),
  );

const documentFault = (status: number) => ({
  status,
  isDocumentFault: true,
  headers: { "cache-control": "no-store" },
});
