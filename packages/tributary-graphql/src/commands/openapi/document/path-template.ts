/** A path as a document writes it, in the parts that are sent. */
export interface PathTemplate {
  /** Without a query and a fragment, `/pets/{id}`. */
  readonly path: string;
  /** The query parameters that the path itself has: `action` and `find` of `/pets?action=find`; a value may be `{name}`. */
  readonly query: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Documents tell operations of one path apart by what they write behind it: a query, which is sent, and a fragment, which
 * never is.
 */
export function readPathTemplate(written: string): PathTemplate {
  const [sent = ""] = written.split("#", 1);
  const [path = "", ...search] = sent.split("?");
  const pairs = search.join("?").split("&");
  return {
    path,
    query: pairs
      .filter((pair) => pair !== "")
      .map((pair) => {
        const [name = "", ...value] = pair.split("=");
        return { name: decoded(name), value: decoded(value.join("=")) };
      }),
  };
}

/** The names in braces, each once. */
export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name)),
];

/** `/pets/{id}` is one pet, and so is `/Pets('{id}')`, as OData writes it. */
export const endsWithValue = (path: string): boolean => /\}'?\)?$/.test(path);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
