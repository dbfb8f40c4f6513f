/** Colours that stay apart for colour-blind eyes and in print: those of Okabe and Ito, and of Tol's "muted" scheme. */

export const ink = "#1f2328";
export const soft = "#5b6470";
export const line = "#dfe3e8";

export const blue = "#0072b2";
export const vermilion = "#d55e00";

/** For lines beside a blue and a vermilion one. */
export const companions = [
  "#117733",
  "#aa4499",
  "#88ccee",
  "#999933",
  "#332288",
  "#cc6677",
  "#44aa99",
  "#882255",
  "#ccb24d",
  "#777777",
] as const;

/** From white to dark blue. */
export function shade(fraction: number): string {
  const [white, dark] = [
    [255, 255, 255],
    [0, 68, 122],
  ] as const;
  // A root lifts small fractions off the white: rare confusions are what a reader looks for.
  const share = fraction ** 0.7;
  const channels = white.map((value, k) => Math.round(value + share * (dark[k]! - value)));
  return `rgb(${channels.join(",")})`;
}

/** What can be read on `shade(fraction)`. */
export function inkOn(fraction: number): string {
  return fraction > 0.35 ? "#ffffff" : ink;
}
