/** A network and a trial of the size of the Spiking Heidelberg Digits. */
import { createDraw } from "../recipes/draw.ts";
import { header } from "../recipes/recipe.ts";
import type { Solvable } from "./recipe.ts";

const [channels, hidden, classes] = [700, 128, 20] as const;
const duration = 1000;
const inputSpikes = 6000;

/** Single precision, so that a blob of four bytes an entry holds a weight exactly. */
const single = (rows: number[][]) => rows.map((row) => row.map(Math.fround));

/** Spikes come in waves across the channels, as formants do. */
function speech(): { channels: number; times: number[]; sources: number[] } {
  const { between } = createDraw(700);
  const spikes = Array.from({ length: inputSpikes }, () => {
    const time = between(0, 0.8 * duration);
    const centre = 350 + 250 * (between(0, 1) < 0.5 ? 1 : -1) * (((time / 400) % 1) - 0.5);
    const channel = Math.round(centre + between(-120, 120));
    return [time, Math.min(Math.max(channel, 0), channels - 1)] as const;
  }).sort(([x, m], [y, n]) => x - y || m - n);
  return { channels, times: spikes.map(([time]) => time), sources: spikes.map(([, channel]) => channel) };
}

export const scaleCases: readonly Solvable[] = [
  {
    group: "scale",
    name: "spoken-word",
    catches: "errors that add up over thousands of events, and buffers too small for them",
    json: () => {
      const { matrix } = createDraw(256);
      return {
        ...header,
        name: "spoken-word",
        note: "700 channels, 128 recurrent neurons, 20 readouts, 1000 ms",
        duration,
        input: speech(),
        populations: [
          { name: "hidden", size: hidden, model: "lif", tau_mem: 20, tau_syn: 5 },
          { name: "output", size: classes, model: "li", tau_mem: 20, tau_syn: 5 },
        ],
        projections: [
          { from: "input", to: "hidden", weight: single(matrix(hidden, channels, -0.25, 0.34)) },
          { from: "hidden", to: "hidden", weight: single(matrix(hidden, hidden, -0.4, 0.25)) },
          { from: "hidden", to: "output", weight: single(matrix(classes, hidden, -0.3, 0.3)) },
        ],
        loss: { kind: "integral_cross_entropy", weighting: "exponential", target: 7 },
      };
    },
  },
];
