/** The part of domino that draws need; the package's own declaration is of another module's name. */
declare module "@mixmark-io/domino" {
  const domino: { createDocument(html?: string): Document };
  export default domino;
}
