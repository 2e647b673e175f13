import { isRecord, type RequestMembers } from "../pipeline/operation-params.ts";

/**
 * The id or the hash by which a request names its document: `documentId` (GraphQL over HTTP, appendix A), `id`, or
 * `extensions.persistedQuery.sha256Hash`. A SHA-256 is without its prefix `sha256:`. Undefined where it names none.
 */
export function persistedIdOf({ documentId, id, extensions }: RequestMembers): string | undefined {
  const given = [documentId, id, hashIn(extensions)].find((value) => typeof value === "string");
  return given?.startsWith(prefix) ? given.slice(prefix.length) : given;
}

const prefix = "sha256:";

function hashIn(extensions: unknown): unknown {
  const persisted = isRecord(extensions) ? extensions.persistedQuery : undefined;
  return isRecord(persisted) ? persisted.sha256Hash : undefined;
}
