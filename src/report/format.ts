/** Numbers, names and answers as a reader wants them. */

const narrowSpace = "\u202f";
const minus = "\u2212";

/** 45000 → 45 000 */
export function count(value: number): string {
  const digits = String(Math.round(value));
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, narrowSpace);
}

/** A number on an axis. */
export function tick(value: number): string {
  return Number.isInteger(value) && value >= 0 ? count(value) : significant(value);
}

/** 0.9791 → 97.9 % */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)}${narrowSpace}%`;
}

/** To so many significant digits, without trailing zeros. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "none";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? size.toExponential() : String(size);
  return rounded < 0 ? minus + text : text;
}

/** 184 → 3 min 4 s */
export function span(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 1, "neuron" → 1 neuron; 2, "neuron" → 2 neurons */
export function some(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** At most `most` characters of a name. */
export function short(name: string, most: number): string {
  const characters = [...name];
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join("")}…`;
}

/** Pixels that a name takes in a chart, roughly: text cannot be measured without a screen. */
export function widthOf(name: string): number {
  return 6.4 * [...name].length;
}

/** Names the column and the trials without an answer. */
export const noAnswer = "no answer";

/** The name of the predicted class, or that every output stayed silent. */
export function answer(predicted: number, classes: readonly string[]): string {
  return classes[predicted] ?? noAnswer;
}
