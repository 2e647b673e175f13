import { type DocumentNode, Kind, type ValueNode, visit } from "graphql";
import { isRecord } from "../pipeline/operation-params.ts";
import { cookiePairs, decodedCookie } from "../request/cookie-header.ts";

/** The parts of a request that may have secrets. */
export interface SecretSource {
  readonly headers: Pick<Headers, "get">;
  readonly document?: DocumentNode | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Values that no log line may have: credentials of clients, and inputs that an app declares secret. */
export class SecretInputs {
  readonly #names: ReadonlySet<string>;

  /** @param names of variables, arguments and input fields, in any case */
  constructor(names: readonly string[]) {
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  /** The secret values of a request, the longest first, so that none is left of which another one is a part. */
  valuesOf({ headers, document, variables }: SecretSource): readonly string[] {
    const values = new Set<string>(credentialsIn(headers));
    if (document) for (const value of this.#inDocument(document, variables ?? {})) values.add(value);
    for (const value of this.#inValue(variables, false)) values.add(value);
    return [...values].filter((value) => value !== "").sort((left, right) => right.length - left.length);
  }

  #isSecret(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  #inDocument(document: DocumentNode, variables: Readonly<Record<string, unknown>>): string[] {
    const found: string[] = [];
    const enter = (node: { readonly name: { readonly value: string }; readonly value: ValueNode }): void => {
      if (!this.#isSecret(node.name.value)) return;
      visit(node.value, {
        Variable: ({ name }) => void found.push(...this.#inValue(variables[name.value], true)),
        enter: (each) => {
          if (each.kind === Kind.STRING || each.kind === Kind.INT || each.kind === Kind.FLOAT) found.push(each.value);
        },
      });
    };
    visit(document, { Argument: enter, ObjectField: enter });
    return found;
  }

  /** @param isSecret whether all that is in the value is secret; otherwise what has the name of a secret */
  *#inValue(value: unknown, isSecret: boolean): Generator<string, void> {
    if (Array.isArray(value)) for (const item of value) yield* this.#inValue(item, isSecret);
    else if (isRecord(value)) {
      for (const [name, member] of Object.entries(value))
        yield* this.#inValue(member, isSecret || this.#isSecret(name));
    } else if (isSecret && (typeof value === "string" || typeof value === "number")) yield String(value);
  }
}

/** Shorter values of cookies are settings, such as a language. */
const shortestCredential = 6;

function* credentialsIn(headers: Pick<Headers, "get">): Generator<string, void> {
  const authorization = headers.get("authorization");
  // The scheme, as in `Bearer <token>`, is not secret.
  if (authorization) yield authorization.slice(authorization.indexOf(" ") + 1).trim();
  for (const [, value] of cookiePairs(headers.get("cookie") ?? "")) {
    if (value.length < shortestCredential) continue;
    yield value;
    yield decodedCookie(value);
  }
}

/** Values of fewer characters are replaced only where they stand alone: they may be a part of any word. */
const shortValue = 4;

/** The fields of a log line with `…` in place of each secret value, also where it is percent-encoded or in JSON. */
export function withoutSecrets<Fields>(fields: Fields, secrets: readonly string[]): Fields {
  if (secrets.length === 0) return fields;
  const forms = new Set(secrets.flatMap((secret) => [secret, encoded(secret), JSON.stringify(secret).slice(1, -1)]));
  return redacted(fields, [...forms]) as Fields;
}

function redacted(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return secrets.reduce(replaced, value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(value) as object | null);
  for (const [name, member] of Object.entries(value)) copy[name] = redacted(member, secrets);
  return copy;
}

function replaced(text: string, secret: string): string {
  if (secret.length >= shortValue) return text.replaceAll(secret, "…");
  return text.replaceAll(new RegExp(`(?<!\\w)${RegExp.escape(secret)}(?!\\w)`, "g"), "…");
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
