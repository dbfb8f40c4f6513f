/** Pictures that are inline in HTML as a document of their own. */

/**
 * An SVG document, with its namespace and without the one entity that only HTML has.
 *
 * @param pictures SVG elements, which come one above the other
 */
export function standalone(pictures: readonly string[]): string {
  const [only, another] = pictures;
  return `${another === undefined ? named(only!) : stacked(pictures)}\n`
    .replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&nbsp;", "\u00a0");
}

function named(svg: string): string {
  return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
}

function stacked(pictures: readonly string[]): string {
  let height = 0;
  const placed = pictures.map((picture) => {
    const at = height;
    height += sizeOf(picture, "height");
    return picture.replace("<svg ", `<svg y="${at}" `);
  });
  const width = Math.max(...pictures.map((picture) => sizeOf(picture, "width")));
  const font = 'font-family="sans-serif" font-size="11.5"';
  return named(
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}><rect width="100%" height="100%" fill="white"></rect>${placed.join("")}</svg>`,
  );
}

function sizeOf(svg: string, side: "width" | "height"): number {
  return Number(new RegExp(`^<svg [^>]*?\\b${side}="([\\d.]+)"`).exec(svg)![1]);
}
