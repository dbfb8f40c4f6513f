/** What a network answered, in words: a class, or none where every output stayed silent. */

/** Names the column and the trials without an answer. */
export const noAnswer = "no answer";

/** The name of the predicted class. */
export function answer(predicted: number, classes: readonly string[]): string {
  return classes[predicted] ?? noAnswer;
}
