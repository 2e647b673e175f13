/** `SimpleUser` for `simple-user`, `HTTPError` for `HTTPError`, `Größe` for `größe`. Keeps letters of any script. */
export function pascalCase(text: string): string {
  const words = text.normalize("NFKC").match(/(?:(?!_)\p{ID_Continue})+/gu) ?? [];
  const joined = words.map(capitalized).join("");
  return /^\p{ID_Start}/u.test(joined) ? joined : `The${joined}`;
}

/** `simpleUser`, `httpError`. */
export const camelCase = (text: string): string =>
  pascalCase(text).replace(/^(?:\p{Lu}+(?!\p{Ll})|\p{Lu})/u, (start) => start.toLowerCase());

function capitalized(word: string): string {
  const [first = "", ...rest] = word;
  return first.toUpperCase() + rest.join("");
}

/** Makes names unique: a name that is taken gets the next free number. */
export class UniqueNames {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  get size(): number {
    return this.#taken.size;
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  take(wanted: string): string {
    return this.takeWith(wanted, (name) => [name]);
  }

  /** Like `take`, for a name with derived names, all of which have to be free and are taken. */
  takeWith(wanted: string, namesOf: (name: string) => readonly string[]): string {
    let name = wanted;
    for (let number = 2; namesOf(name).some((one) => this.#taken.has(one)); number++) name = `${wanted}${number}`;
    for (const one of namesOf(name)) this.#taken.add(one);
    return name;
  }

  /** Releases the names that were taken last, down to this number. */
  shrinkTo(size: number): void {
    for (const name of [...this.#taken].slice(size)) this.#taken.delete(name);
  }
}
