/** How messages name the options of reading and writing NIR: as properties in a program, as flags on the command line. */

/** Of `NirReadOptions` and `NirWriteOptions`. */
type OptionName = "timeUnit" | "dialect" | "start" | "step" | "anyTimes" | "mostDelays";

/** @param value undefined to name the option alone */
export type Wording = (option: OptionName, value?: string | true) => string;

/** `timeUnit: "s"` */
export const asProperty: Wording = (option, value) =>
  value === undefined ? option : `${option}: ${JSON.stringify(value)}`;

/** `--time-unit s` */
export const asFlag: Wording = (option, value) => {
  const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return typeof value === "string" ? `${flag} ${value}` : flag;
};
