import { CommandError } from "../../command-error.ts";
import { camelCase, UniqueNames } from "../schema/identifiers.ts";
import { type Answer, jsonSchema, readAnswer } from "./answer.ts";
import { isRecord } from "./is-record.ts";
import type { DocumentLocation } from "./location.ts";
import { type Parameter, readParameters } from "./parameters.ts";
import { type PathTemplate, readPathTemplate } from "./path-template.ts";

/** One operation of a document, as far as a read needs to know it. */
export interface Operation {
  readonly method: string;
  /** As the document writes it. */
  readonly path: string;
  /** The path in the parts that are sent. */
  readonly template: PathTemplate;
  /** Unique among the operations: the document's own id, or what the method and the path make. */
  readonly name: string;
  readonly id: string;
  readonly summary: string;
  readonly isDeprecated: boolean;
  readonly parameters: readonly Parameter[];
  /** The JSON body of the answer to a success, or why there is none. */
  readonly answer: Answer | string;
  /** The schema of the JSON that is sent, if any. */
  readonly input: DocumentLocation | undefined;
  /** The names of the security schemes that it asks for. */
  readonly security: readonly string[];
  /** The servers that it names itself, or that its path does; undefined for those of the document. */
  readonly servers: DocumentLocation | undefined;
}

/** An operation that cannot be read, and why. */
export interface OddOperation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly fault: string;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Every operation of a document, in its order. */
export function readOperations(document: DocumentLocation): (Operation | OddOperation)[] {
  const names = new UniqueNames();
  const paths = document.at("paths")?.entries() ?? [];
  const operations = paths
    .filter(([path]) => !path.startsWith("x-"))
    .flatMap(([path, location]) => operationsAt(document, path, location, names));
  if (operations.length === 0) throw new CommandError(`${document.where}: expected at least one operation, got none.`);
  return operations;
}

function operationsAt(
  document: DocumentLocation,
  path: string,
  location: DocumentLocation,
  names: UniqueNames,
): (Operation | OddOperation)[] {
  // Members beside a $ref of a path come first.
  const items = attempt(() => location.chain());
  if (items instanceof CommandError) return [{ method: "any", path, id: "", fault: items.message }];
  return methods.flatMap((method) => {
    const written = items.map((item) => item.at(method)).find((one) => one !== undefined);
    if (written === undefined) return [];
    const operation = attempt(() =>
      readOperation(document, { method, path, items, location: written.followed() }, names),
    );
    return operation instanceof CommandError
      ? { method, path, id: String(written.valueAt("operationId") ?? ""), fault: operation.message }
      : operation;
  });
}

/** A fault in one operation does not affect the others. */
function attempt<Value>(read: () => Value): Value | CommandError {
  try {
    return read();
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

interface Written {
  readonly method: string;
  readonly path: string;
  /** The path's item, and what its `$ref` leads to. */
  readonly items: readonly DocumentLocation[];
  readonly location: DocumentLocation;
}

function readOperation(
  document: DocumentLocation,
  { method, path, items, location }: Written,
  names: UniqueNames,
): Operation {
  if (!path.startsWith("/")) location.refuse('a path that begins with "/"', path);
  const id = location.proseAt("operationId");
  const words = path.replaceAll(/\{([^}]*)\}/g, " by $1 ");
  return {
    method,
    path,
    template: readPathTemplate(path),
    id,
    name: names.take(camelCase(id || `${method} ${words}`)),
    summary: location.proseAt("summary") || location.proseAt("description"),
    isDeprecated: location.isTrue("deprecated"),
    parameters: readParameters([...items.toReversed(), location]),
    answer: readAnswer(location),
    input: jsonSchema(location.at("requestBody")?.followed().at("content")),
    security: readSecurity(location.at("security") ?? document.at("security")),
    servers: [location, ...items].map((one) => one.at("servers")).find((one) => one !== undefined),
  };
}

/** Only told of, and so nothing to leave an operation out for. */
function readSecurity(location: DocumentLocation | undefined): string[] {
  const alternatives = Array.isArray(location?.value) ? location.value.filter(isRecord).map(Object.keys) : [];
  return alternatives.some((names) => names.length === 0) ? [] : [...new Set(alternatives.flat())];
}
