import type { DocumentLocation } from "./location.ts";

/** The successful JSON response of an operation. */
export interface JsonResponse {
  /** The schema of its body, per status. Empty if a body has no schema. */
  readonly schemas: readonly DocumentLocation[];
  /** Names in lower case. */
  readonly headers: readonly string[];
  /** Its media type, without parameters: `application/hal+json`. */
  readonly media: string;
}

const jsonMedia = /^\s*((application|text)\/(x-)?json|[\w.*-]+\/[^;\s/]*\+json|(application|\*)\/\*|\*)\s*(;|$)/i;

/** The successful JSON response of an operation, or the reason why it has none. */
export function readJsonResponse(operation: DocumentLocation): JsonResponse | string {
  const responses = operation.at("responses")?.entries() ?? [];
  const successes = responses.filter(([status]) => /^2(\d\d|XX)$/i.test(status)).sort(byStatus);
  const chosen = successes.length > 0 ? successes : responses.filter(([name]) => name === "default");
  const [first] = chosen;
  if (first === undefined) return "it has no successful response";
  const contents = chosen.map(([status, response]) => ({ status, response: response.followed() }));
  const bodies = contents.flatMap(({ response }) => {
    const [media, location] = jsonContent(response.at("content")) ?? [];
    return media === undefined || location === undefined ? [] : { response, media, schema: location.at("schema") };
  });
  const [body] = bodies;
  if (body === undefined) return missingJson(contents);
  const headers = body.response.at("headers")?.entries() ?? [];
  return {
    schemas: bodies.every(({ schema }) => schema) ? bodies.flatMap(({ schema }) => schema ?? []) : [],
    headers: headers.map(([name]) => name.toLowerCase()),
    media: body.media.split(";", 1).join("").trim().toLowerCase(),
  };
}

/** `200` before `201` before `2XX`. */
const byStatus = ([one]: [string, DocumentLocation], [other]: [string, DocumentLocation]): number =>
  one.toUpperCase() < other.toUpperCase() ? -1 : 1;

function missingJson(contents: readonly { readonly status: string; readonly response: DocumentLocation }[]): string {
  const types = contents.flatMap(({ response }) => Object.keys(response.at("content")?.record() ?? {}));
  if (types.length > 0) return `its response is ${[...new Set(types)].join(", ")} and not JSON`;
  return `its response has no body (${contents.map(({ status }) => status).join(", ")})`;
}

const jsonContent = (content: DocumentLocation | undefined): [string, DocumentLocation] | undefined =>
  content
    ?.entries()
    .map(([type, location]): [string, DocumentLocation] => [type, location.followed()])
    .find(([type]) => jsonMedia.test(type));

/** The schema of the JSON media type. */
export const jsonSchema = (content: DocumentLocation | undefined): DocumentLocation | undefined =>
  jsonContent(content)?.[1].at("schema");
