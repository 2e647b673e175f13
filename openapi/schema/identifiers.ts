/** `SimpleUser` for `simple-user`, `HTTPError` for itself. */
export function pascalCase(text: string): string {
  const words = text.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Z]/.test(joined) ? joined : `The${joined}`;
}

/** `simpleUser`, `httpError`. */
export const camelCase = (text: string): string =>
  pascalCase(text).replace(/^(?:[A-Z]+(?![a-z])|[A-Z])/, (start) => start.toLowerCase());

/** A property name as a key of an object, quoted where it has to be. */
export const keyOf = (name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : JSON.stringify(name);

/** `q.name` or `q["first-name"]`. */
export const memberOf = (owner: string, name: string): string =>
  keyOf(name) === name ? `${owner}.${name}` : `${owner}[${JSON.stringify(name)}]`;

/** Gives out names, each once: a name that is taken gets the next free number. */
export class UniqueNames {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  take(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}${number}`;
    this.#taken.add(name);
    return name;
  }
}

/** A text of the document as the text of a comment: one line, its first sentence, shortened. */
export function commentText(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").replaceAll("*/", "* /").trim();
  const sentence = /^.*?[.!?](?= |$)/.exec(line)?.[0] ?? line;
  return sentence.length > 160 ? `${sentence.slice(0, 157).trimEnd()}…` : sentence;
}
