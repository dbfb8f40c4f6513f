/** The names of a run's populations and projections, which configurations, checkpoints and reports share. */
import { inputName } from "../../model/network.ts";
import type { NetworkConfig } from "./network.ts";

export const outputName = "output";

/** `hidden` of a network with one hidden layer, else `hidden1`, `hidden2`, … */
export function hiddenNames({ hidden }: NetworkConfig): string[] {
  return hidden.length === 1 ? ["hidden"] : hidden.map((_, k) => `hidden${k + 1}`);
}

export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** Input → hidden (→ itself) → … → output, in this order. */
export function projectionEnds(network: NetworkConfig): Ends[] {
  const ends: Ends[] = [];
  let from = inputName;
  hiddenNames(network).forEach((name, k) => {
    ends.push({ from, to: name });
    if (network.hidden[k]!.recurrent) ends.push({ from: name, to: name });
    from = name;
  });
  return [...ends, { from, to: outputName }];
}

/** `input_hidden`, `hidden_hidden`, `hidden1_hidden2`, … */
export function projectionName({ from, to }: Ends): string {
  return `${from}_${to}`;
}
