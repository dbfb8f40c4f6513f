/** The arithmetics of a certificate. */
import { type Arithmetic, arithmetic } from "../simulate/fixed.ts";

const digits = 50;
/** What everything is computed in. */
export const usual = arithmetic(digits);
/** For a second solution that shows how many of the first one's digits are right. */
export const finer = arithmetic(digits + 20);

let slow: Arithmetic | undefined;
/** Where slopes are small, differences need smaller steps. Its tables take a moment, and few cases need them. */
export function finest(): Arithmetic {
  slow ??= arithmetic(150);
  return slow;
}

/** The one of these that has so many bits. */
export function arithmeticOf(bits: number): Arithmetic {
  return [usual, finer].find((one) => one.bits === bits) ?? finest();
}
