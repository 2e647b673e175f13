/** Folders that come to be while the gateway runs or is built, and so are named without being there. */
const madeLater = /^(\.data|node_modules|coverage)\//;

const looksLikePath = /^[\w.@-]+(\/[\w.@-]+)*(\/|\.(ts|json|graphql|md|yml|svg|png|sqlite|sql))$/;

/** The relative links and the backticked paths of a Markdown text, blocks of code left out. */
export function namedPaths(text: string): string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  const links = all(prose, /\]\(([^)\s#]+)[^)]*\)/g).filter((target) => !/^([a-z]+:|\/)/i.test(target));
  const quoted = all(prose, /`([^`\n]+)`/g).filter((code) => looksLikePath.test(code));
  return [...links, ...quoted].filter((path) => !madeLater.test(path));
}

/** The npm scripts that a Markdown text tells its reader to run. */
export const namedScripts = (text: string): string[] => all(text, /npm (?:run )?((?<=run )[\w:-]+|start|test)\b/g);

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? "");
