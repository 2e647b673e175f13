import { CommandError } from "../../command-error.ts";
import { camelCase, UniqueNames } from "../schema/identifiers.ts";
import { isRecord } from "./is-record.ts";
import { type JsonResponse, jsonSchema, readJsonResponse } from "./json-response.ts";
import type { DocumentLocation } from "./location.ts";
import { type Parameter, readParameters } from "./parameters.ts";
import { type PathTemplate, readPathTemplate } from "./path-template.ts";

/** The facts about an operation of a document that a read needs. */
export interface Operation {
  readonly method: string;
  /** The path in the document. */
  readonly path: string;
  readonly template: PathTemplate;
  /** Unique among the operations: from its id, or from its method and path. */
  readonly name: string;
  readonly id: string;
  readonly summary: string;
  readonly isDeprecated: boolean;
  readonly parameters: readonly Parameter[];
  /** Its successful JSON response, or why there is none. */
  readonly response: JsonResponse | string;
  /** The schema of its JSON request body. */
  readonly input: DocumentLocation | undefined;
  /** The names of the security schemes that it needs. */
  readonly security: readonly string[];
  /** The servers of the operation or of its path. Undefined for those of the document. */
  readonly servers: DocumentLocation | undefined;
}

/** An operation that the document describes incorrectly. */
export interface InvalidOperation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly fault: string;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The operations of a document, in order. @throws CommandError if there is none */
export function readOperations(document: DocumentLocation): (Operation | InvalidOperation)[] {
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
): (Operation | InvalidOperation)[] {
  // Members beside the $ref of a path override those of its target.
  const items = attempt(() => location.chain());
  if (items instanceof CommandError) return [{ method: "any", path, id: "", fault: items.message }];
  return methods.flatMap((method) => {
    const found = items.map((item) => item.at(method)).find((one) => one !== undefined);
    if (found === undefined) return [];
    const operation = attempt(() =>
      readOperation(document, { method, path, items, location: found.followed() }, names),
    );
    return operation instanceof CommandError
      ? { method, path, id: String(found.valueAt("operationId") ?? ""), fault: operation.message }
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

interface OperationSource {
  readonly method: string;
  readonly path: string;
  /** The path item, and the targets of its `$ref`. */
  readonly items: readonly DocumentLocation[];
  readonly location: DocumentLocation;
}

function readOperation(
  document: DocumentLocation,
  { method, path, items, location }: OperationSource,
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
    response: readJsonResponse(location),
    input: jsonSchema(location.at("requestBody")?.followed().at("content")),
    security: readSecurity(location.at("security") ?? document.at("security")),
    servers: [location, ...items].map((one) => one.at("servers")).find((one) => one !== undefined),
  };
}

/** Never throws: security schemes are only listed in the summary, so a fault in them must not omit an operation. */
function readSecurity(location: DocumentLocation | undefined): string[] {
  const alternatives = Array.isArray(location?.value) ? location.value.filter(isRecord).map(Object.keys) : [];
  return alternatives.some((names) => names.length === 0) ? [] : [...new Set(alternatives.flat())];
}
