/** The path and the query of a path in a document. */
export interface PathTemplate {
  /** Without query and fragment, `/pets/{id}`. */
  readonly path: string;
  /** The query parameters of the path: `action` and `find` of `/pets?action=find`. A value may be `{name}`. */
  readonly query: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Parses a path. To have several operations with the same path, documents add a query, which is sent, or a fragment, which
 * is not.
 */
export function readPathTemplate(text: string): PathTemplate {
  const [sent = ""] = text.split("#", 1);
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

/** The distinct names in braces. */
export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name)),
];

/** Whether a path ends with a placeholder and so is that of one row: `/pets/{id}`, in OData `/Pets('{id}')`. */
export const endsWithValue = (path: string): boolean => /\}'?\)?$/.test(path);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
