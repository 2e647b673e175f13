import { type ASTNode, type DocumentNode, type GraphQLResolveInfo, type GraphQLSchema, print } from "graphql";
import { isBare } from "../support/bare.ts";
import { documentNodes } from "./document-nodes.ts";
import { type NameOf, valueText } from "./value-text.ts";

type Path = GraphQLResolveInfo["path"];

/** The arguments of an execution, to which the properties of `info` must be identical. */
export interface Given {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly rootValue: unknown;
}

/** Makes a text of `info`, for comparison; for properties with a guaranteed identity, whether it holds. */
export class InfoText {
  readonly #given: Given;
  readonly #nameOf: NameOf;
  readonly #nodes: ReadonlyMap<ASTNode, number>;
  readonly #variables = new WeakMap<object, string>();

  constructor(given: Given, nameOf: NameOf) {
    this.#given = given;
    this.#nameOf = nameOf;
    this.#nodes = documentNodes(given.document);
  }

  of(info: GraphQLResolveInfo): string {
    const { schema, rootValue } = this.#given;
    const { parentType, fieldName, returnType } = info;
    return [
      `${parentType}.${fieldName}: ${returnType}`,
      `parent type ${schema.getType(parentType.name) === parentType}`,
      `return type ${schema.getField(parentType, fieldName)?.type === returnType}`,
      `path ${typedPath(info.path)}`,
      `nodes ${info.fieldNodes.map((node) => this.#nodes.get(node) ?? "of elsewhere").join(" ")}`,
      `schema ${info.schema === schema}, root ${info.rootValue === rootValue}`,
      `operation ${this.#definition(info.operation)}`,
      `fragments ${this.#fragments(info.fragments)}`,
      `variables ${this.#variableText(info.variableValues)}`,
      `signal ${signalText(info)}`,
      `helpers ${helperText(info)}`,
      `copied ${Object.keys({ ...info }).sort()}`,
    ].join("; ");
  }

  #definition(node: DocumentNode["definitions"][number]): string {
    return `definition ${this.#given.document.definitions.indexOf(node)}`;
  }

  #fragments(fragments: GraphQLResolveInfo["fragments"]): string {
    const text = Object.entries(fragments).map(([name, node]) => `${name} ${this.#definition(node)}`);
    return `${isBare(fragments)} ${text.join(" ")}`;
  }

  #variableText(variableValues: GraphQLResolveInfo["variableValues"]): string {
    let text = this.#variables.get(variableValues);
    if (text === undefined) {
      const sources = Object.entries(variableValues.sources).map(([name, source]) => {
        const { signature } = source;
        const literal = signature.default?.literal;
        const value = "value" in source ? valueText(source.value, this.#nameOf) : "none";
        return `${name} ${signature.name}: ${signature.type} ${literal ? print(literal) : ""} from ${value}`;
      });
      text = `${valueText(variableValues.coerced, this.#nameOf)} ${sources.join(", ")}`;
      this.#variables.set(variableValues, text);
    }
    return text;
  }
}

function helperText({ getAsyncHelpers }: GraphQLResolveInfo): string {
  const helpers = getAsyncHelpers();
  return `${typeof helpers.promiseAll} ${typeof helpers.track} ${getAsyncHelpers() === helpers}`;
}

function signalText({ getAbortSignal }: GraphQLResolveInfo): string {
  const signal = getAbortSignal();
  return `${signal instanceof AbortSignal} ${getAbortSignal() === signal}`;
}

const typedPath = ({ prev, key, typename }: Path): string =>
  `${prev ? `${typedPath(prev)}/` : ""}${typeof key === "number" ? `[${key}]` : key}:${typename}`;

export function pathKeys(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let one = path; one; one = one.prev) keys.unshift(one.key);
  return keys;
}
