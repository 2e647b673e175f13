/** An array, nested if it has several dimensions; NULL is null. */
export type PostgresArray = readonly (unknown | PostgresArray)[];

/**
 * Parses PostgreSQL's array format, `{1,NULL,"a, b"}` or `[0:1]={…}`; lower bounds are ignored.
 *
 * @param delimiter separates elements: `;` for `box`, otherwise a comma
 * @param parse parses the text of an element
 * @throws Error for an invalid text
 */
export function parseArray(text: string, delimiter: string, parse: (text: string) => unknown): PostgresArray {
  let position = text.startsWith("[") ? text.indexOf("=") + 1 : 0;

  const readList = (): unknown[] => {
    const list: unknown[] = [];
    expect("{");
    while (text[position] !== "}") {
      list.push(text[position] === "{" ? readList() : readElement());
      if (text[position] === delimiter) position += 1;
      else if (text[position] !== "}") throw invalidArray(text);
    }
    position += 1;
    return list;
  };

  const readElement = (): unknown => {
    if (text[position] === '"') return parse(readQuoted());
    const start = position;
    while (position < text.length && text[position] !== delimiter && text[position] !== "}") position += 1;
    const element = text.slice(start, position);
    return element === "NULL" ? null : parse(element);
  };

  const readQuoted = (): string => {
    const start = position + 1;
    let isEscaped = false;
    for (position = start; text[position] !== '"'; position += 1) {
      if (position >= text.length) throw invalidArray(text);
      if (text[position] !== "\\") continue;
      isEscaped = true;
      position += 1;
    }
    const element = text.slice(start, position);
    position += 1;
    return isEscaped ? element.replaceAll(/\\(.)/gs, "$1") : element;
  };

  const expect = (character: string): void => {
    if (text[position] !== character) throw invalidArray(text);
    position += 1;
  };

  const list = readList();
  if (position !== text.length) throw invalidArray(text);
  return list;
}

const invalidArray = (text: string): Error =>
  new Error(`Expected an array in PostgreSQL's format, got ${JSON.stringify(text.slice(0, 100))}.`);
