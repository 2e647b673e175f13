import type { DocumentLocation } from "./location.ts";

/** The JSON that a success is answered with. */
export interface Answer {
  /** Its schema, for each status that has a body. Empty where the document has no schema for a body. */
  readonly schemas: readonly DocumentLocation[];
  /** Lower case. */
  readonly headers: readonly string[];
  /** Its media type, without parameters: `application/hal+json`. */
  readonly media: string;
}

const jsonMedia = /^\s*((application|text)\/(x-)?json|[\w.*-]+\/[^;\s/]*\+json|(application|\*)\/\*|\*)\s*(;|$)/i;

/** The body of a successful response, or the reason why it cannot be read. */
export function readAnswer(operation: DocumentLocation): Answer | string {
  const responses = operation.at("responses")?.entries() ?? [];
  const successes = responses.filter(([status]) => /^2(\d\d|XX)$/i.test(status)).sort(byStatus);
  const chosen = successes.length > 0 ? successes : responses.filter(([name]) => name === "default");
  const [first] = chosen;
  if (first === undefined) return "it names no answer to a success";
  const contents = chosen.map(([status, response]) => ({ status, response: response.followed() }));
  const answers = contents.flatMap(({ response }) => {
    const [media, location] = jsonContent(response.at("content")) ?? [];
    return media === undefined || location === undefined ? [] : { response, media, schema: location.at("schema") };
  });
  const [answer] = answers;
  if (answer === undefined) return whyNone(contents);
  const headers = answer.response.at("headers")?.entries() ?? [];
  return {
    schemas: answers.every(({ schema }) => schema) ? answers.flatMap(({ schema }) => schema ?? []) : [],
    headers: headers.map(([name]) => name.toLowerCase()),
    media: answer.media.split(";", 1).join("").trim().toLowerCase(),
  };
}

/** `200` before `201` before `2XX`. */
const byStatus = ([one]: [string, DocumentLocation], [other]: [string, DocumentLocation]): number =>
  one.toUpperCase() < other.toUpperCase() ? -1 : 1;

function whyNone(contents: readonly { readonly status: string; readonly response: DocumentLocation }[]): string {
  const types = contents.flatMap(({ response }) => Object.keys(response.at("content")?.record() ?? {}));
  if (types.length > 0) return `it answers with ${[...new Set(types)].join(", ")}, which is not JSON`;
  return `it answers with nothing (${contents.map(({ status }) => status).join(", ")})`;
}

const jsonContent = (content: DocumentLocation | undefined): [string, DocumentLocation] | undefined =>
  content
    ?.entries()
    .map(([type, location]): [string, DocumentLocation] => [type, location.followed()])
    .find(([type]) => jsonMedia.test(type));

/** The schema of the JSON among these media types. */
export const jsonSchema = (content: DocumentLocation | undefined): DocumentLocation | undefined =>
  jsonContent(content)?.[1].at("schema");
