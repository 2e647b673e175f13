import { CheckError } from "../../checks/check-error.ts";
import { camelCase, UniqueNames } from "../schema/identifiers.ts";
import type { Place } from "./place.ts";

/** One operation of a document, as far as a read needs to know it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** Unique among the operations: the document's own id, or what the method and the path make. */
  readonly name: string;
  readonly id: string;
  readonly summary: string;
  readonly isDeprecated: boolean;
  readonly parameters: readonly Parameter[];
  /** The JSON body of the answer to a success, or why there is none. */
  readonly answer: Answer | string;
  /** The schema of the JSON that is sent, if any. */
  readonly input: Place | undefined;
  /** The names of the security schemes that it asks for. */
  readonly security: readonly string[];
}

export interface Answer {
  /** Undefined where the document says that there is a body and not what it is. */
  readonly schema: Place | undefined;
  /** Lower case. */
  readonly headers: readonly string[];
}

export interface Parameter {
  readonly place: Place;
  readonly name: string;
  readonly in: string;
  readonly isRequired: boolean;
  readonly description: string;
  readonly schema: Place | undefined;
  readonly style: string;
  readonly isExploded: boolean;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
export const jsonMedia = /^(application\/([\w.-]+\+)?json|\*\/\*)\s*(;|$)/i;

/** Every operation of a document, in its order. */
export function readOperations(document: Place): Operation[] {
  const names = new UniqueNames();
  const paths = document.at("paths")?.entries() ?? [];
  const operations = paths
    .filter(([path]) => !path.startsWith("x-"))
    .flatMap(([path, place]) => {
      if (!path.startsWith("/"))
        throw new CheckError(`${place.where}: expected a path that begins with "/", got ${path}.`);
      const item = place.followed();
      const present = methods.flatMap((method) => item.at(method) ?? []);
      return present.map((operation) => readOperation(document, path, item, operation, names));
    });
  if (operations.length === 0) throw new CheckError(`${document.where}: expected at least one operation, got none.`);
  return operations;
}

function readOperation(document: Place, path: string, item: Place, place: Place, names: UniqueNames): Operation {
  const method = place.path.at(-1) ?? "";
  const id = place.textAt("operationId");
  const words = path.replaceAll(/\{([^}]*)\}/g, " by $1 ");
  return {
    method,
    path,
    id,
    name: names.take(camelCase(id || `${method} ${words}`)),
    summary: place.textAt("summary") || place.textAt("description"),
    isDeprecated: place.isTrue("deprecated"),
    parameters: readParameters(item, place),
    answer: readAnswer(place),
    input: jsonSchema(place.at("requestBody")?.followed().at("content")),
    security: readSecurity(place.at("security") ?? document.at("security")),
  };
}

/** Those of the operation stand in for those of the path with the same name and place. */
function readParameters(item: Place, operation: Place): Parameter[] {
  const places = [item, operation].flatMap((owner) => owner.at("parameters")?.items() ?? []);
  const parameters = places.map((place) => readParameter(place.followed()));
  return [...new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

function readParameter(place: Place): Parameter {
  const where = place.need("in").text();
  const style = place.textAt("style") || (where === "query" || where === "cookie" ? "form" : "simple");
  const explode = place.at("explode")?.value;
  return {
    place,
    name: place.need("name").text(),
    in: where,
    isRequired: where === "path" || place.isTrue("required"),
    description: place.textAt("description"),
    schema: place.at("schema")?.followed(),
    style,
    isExploded: typeof explode === "boolean" ? explode : style === "form",
  };
}

function readAnswer(operation: Place): Answer | string {
  const responses = operation.at("responses")?.entries() ?? [];
  const successes = responses.filter(([status]) => /^2(\d\d|XX)$/i.test(status)).sort();
  const [status, response] = successes[0] ?? responses.find(([name]) => name === "default") ?? [];
  if (response === undefined) return "it names no answer to a success";
  const content = response.followed().at("content");
  const media = content ? Object.keys(content.record()) : [];
  if (media.length === 0) return `it answers with nothing (${status})`;
  if (!media.some((type) => jsonMedia.test(type))) return `it answers with ${media.join(", ")}, which is no JSON`;
  const headers = response.followed().at("headers")?.entries() ?? [];
  return { schema: jsonSchema(content), headers: headers.map(([name]) => name.toLowerCase()) };
}

function jsonSchema(content: Place | undefined): Place | undefined {
  const [, json] = content?.entries().find(([type]) => jsonMedia.test(type)) ?? [];
  return json?.at("schema");
}

function readSecurity(place: Place | undefined): string[] {
  const alternatives = place?.items().map((one) => Object.keys(one.record())) ?? [];
  return alternatives.some((names) => names.length === 0) ? [] : [...new Set(alternatives.flat())];
}
