/** The population whose voltages or spikes a loss looks at. */

import type { Loss } from "./loss.ts";
import type { Network, Population } from "./network.ts";

/** The one that the loss names, else the network's `li` population; undefined for no loss. */
export function lossPopulation({ populations }: Network, loss: Loss): Population | undefined {
  if (loss.kind === "none") return undefined;
  const named = loss.population;
  return populations.find(({ name, model }) => (named === undefined ? model === "li" : name === named));
}
