/** The unit disc in characters, one per class of the Yin-Yang data set. */

/** Of yin, yang and the dots. */
const characters = ["#", ".", "O"];

const rows = 19;
/** A character is about twice as high as wide. */
const columns = 2 * rows - 1;

/** Rows of characters from the top, blank outside of the disc. */
export function discMap(classAt: (x: number, y: number) => number): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const y = 1 - (2 * row) / (rows - 1);
    const cells = Array.from({ length: columns }, (_, column) => {
      const x = (2 * column) / (columns - 1) - 1;
      return x * x + y * y > 1 ? " " : characters[classAt(x, y)];
    });
    return cells.join("");
  });
}
