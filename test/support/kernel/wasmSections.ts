/** The outline of a WebAssembly module: its sections. */

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** Unsigned LEB128 number at `at`, and the byte after it. */
function unsigned(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  let shift = 0;
  let end = at;
  for (;;) {
    const byte = bytes[end++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, end];
    shift += 7;
  }
}

function sectionsOf(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at]!;
    const [length, start] = unsigned(bytes, at + 1);
    at = start + length;
    sections.push({ id, content: bytes.subarray(start, at) });
  }
  return sections;
}

/** Numbers of the sections, in order; 0 is a custom one. */
export function sectionIds(bytes: Uint8Array): number[] {
  return sectionsOf(bytes).map(({ id }) => id);
}

/** Names of the custom sections. */
export function customNames(bytes: Uint8Array): string[] {
  return sectionsOf(bytes)
    .filter(({ id }) => id === 0)
    .map(({ content }) => {
      const [length, start] = unsigned(content, 0);
      return new TextDecoder().decode(content.slice(start, start + length));
    });
}
