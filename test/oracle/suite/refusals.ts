/** Input that is wrong, and that a backend must not answer. */
import type { Refused } from "./recipe.ts";
import { channel0, hidden, output, small } from "./small.ts";

const refused = (name: string, refuse: string, catches: string, text: string): Refused => ({
  group: "adversarial",
  name,
  refuse,
  catches,
  text,
});

const json = (changes: Parameters<typeof small>[2], name: string) =>
  `${JSON.stringify(small(name, "must be refused", changes))}\n`;

export const refusals: readonly Refused[] = [
  refused(
    "input-at-the-end",
    "an input spike at T, outside [0, T)",
    "events at the end of a trial that happen in the next",
    json({ input: channel0(1, 50) }, "input-at-the-end"),
  ),
  refused(
    "input-after-the-end",
    "an input spike after T",
    "events after the end dropped without a word",
    json({ input: channel0(1, 50.5) }, "input-after-the-end"),
  ),
  refused(
    "unsorted-input",
    "input times that descend",
    "input taken as it comes, whatever its order",
    json({ input: channel0(4, 1) }, "unsorted-input"),
  ),
  refused(
    "infinite-weight",
    "a weight of 1e999, which is no number",
    "NaN and infinity carried through to the gradient",
    json(
      { projections: [{ from: "input", to: "hidden", weight: [[123456], [5]] }] },
      "infinite-weight",
    ).replace("123456", "1e999"),
  ),
  refused(
    "nan-weight",
    "a weight NaN, which is not JSON",
    "a lenient JSON reader, and NaN carried through to the gradient",
    json({ projections: [{ from: "input", to: "hidden", weight: [[123456], [5]] }] }, "nan-weight").replace(
      "123456",
      "NaN",
    ),
  ),
  refused(
    "started-above-threshold",
    "a neuron that starts above its threshold",
    "a start without a crossing taken for a spike, or for silence",
    json({ populations: [hidden(2, { v0: 1.5 }), output(2)] }, "started-above-threshold"),
  ),
  refused(
    "unknown-key",
    "a key that the format does not have",
    "settings misread without a word",
    json({ populations: [{ ...hidden(2), tau_membrane: 30 } as never, output(2)] }, "unknown-key"),
  ),
];
