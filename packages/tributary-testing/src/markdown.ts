/** Folders that exist only after a start or an installation. */
const madeLater = /^(\.data|node_modules|coverage)\//;

const looksLikePath = /^[\w.@-]+(\/[\w.@-]+)*(\/|\.(ts|json|graphql|md|yml|svg|png|sqlite|sql))$/;

/** The relative links and the backticked paths of a Markdown text, without code blocks. */
export function namedPaths(text: string): string[] {
  const prose = proseOf(text);
  const links = all(prose, /\]\(([^)\s#]+)[^)]*\)/g).filter(isRelative);
  const quoted = all(prose, /`([^`\n]+)`/g).filter((code) => looksLikePath.test(code));
  return [...links, ...quoted].filter((path) => !madeLater.test(path));
}

/** A link to a heading: `path` is relative to the text, and empty for the text itself. */
export interface AnchorLink {
  readonly path: string;
  readonly anchor: string;
}

/** The relative links with an anchor in a Markdown text, without code blocks. */
export const anchorLinks = (text: string): AnchorLink[] =>
  all(proseOf(text), /\]\(([^)\s]*#[^)\s]+)\)/g)
    .filter(isRelative)
    .map((target) => {
      const [path = "", anchor = ""] = target.split("#");
      return { path, anchor };
    });

/** The anchors that GitHub generates for the headings of a Markdown text. A repeated heading gets `-1`, `-2`, … */
export function headingAnchors(text: string): string[] {
  const slugs = all(proseOf(text), /^#+ (.+)$/gm).map((heading) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-"),
  );
  return slugs.map((slug, index) => {
    const before = slugs.slice(0, index).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

const proseOf = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
const isRelative = (target: string): boolean => !/^([a-z]+:|\/)/i.test(target);

/** The npm scripts that a Markdown text names. */
export const namedScripts = (text: string): string[] => all(text, /npm (?:run )?((?<=run )[\w:-]+|start|test)\b/g);

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? "");
