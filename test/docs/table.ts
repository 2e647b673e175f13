/** The cells of the first table below a `##` heading, without the header and without backticks. */
export function tableRows(markdown: string, section: string): string[][] {
  const [, text = ""] = markdown.split(`\n## ${section}\n`);
  const lines = text
    .split("\n## ", 1)
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1")),
  );
}
