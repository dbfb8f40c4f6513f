/** Help texts in a terminal that is narrower than their lines. */

/** Characters of a line that are worth an indent. */
const leastRoom = 12;

/**
 * Lines broken at spaces where they are too long, their rest indented as what they say is. Commands to be typed, which start
 * with $, stay whole.
 *
 * @param columns of the terminal; undefined where there is none, and then nothing is broken
 */
export function wrapped(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split("\n")
    .flatMap((line) => (/^ *\$ /.test(line) ? [line] : broken(line, columns)))
    .join("\n");
}

function broken(line: string, columns: number): string[] {
  // As in "  --step <ms>  its length": the rest goes under "its", unless that leaves it no room.
  const hanging = /^ *(\S+( \S+)* {2,})?/.exec(line)![0].length;
  const indent = " ".repeat(columns - hanging < leastRoom ? /^ */.exec(line)![0].length : hanging);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const at = rest.lastIndexOf(" ", columns);
    // A word that is wider than the terminal is left to it.
    if (at <= indent.length) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${indent}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest];
}
