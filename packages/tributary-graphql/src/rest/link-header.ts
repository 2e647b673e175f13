/**
 * The target of the first link with this relation in a `Link` header (RFC 8288), as it stands there; null without one.
 * A link about something else than the answer itself (`anchor`) is passed over.
 */
export function linkTarget(header: string | readonly string[] | undefined, relation: string): string | null {
  for (const { target, parameters } of linksOf([header ?? []].flat().join(","))) {
    const relations = parameters.get("rel")?.toLowerCase().split(/\s+/) ?? [];
    if (relations.includes(relation) && !parameters.has("anchor")) return target;
  }
  return null;
}

interface Link {
  readonly target: string;
  /** By name in lower case; of two with one name the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Read from left to right, so that a comma or a semicolon in a target or in quotes ends nothing. */
function linksOf(header: string): Link[] {
  const links: Link[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (at < header.length) {
    take(/[\s,]*/y);
    const target = take(/<([^>]*)>/y)?.[1];
    // Not a header as it should be: what follows cannot be told apart.
    if (target === undefined) break;
    const parameters = new Map<string, string>();
    for (;;) {
      const [, name, quoted, token] = take(/\s*;\s*([^\s=;,]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y) ?? [];
      if (name === undefined) break;
      const key = name.toLowerCase();
      if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? token ?? "");
    }
    links.push({ target, parameters });
  }
  return links;
}
