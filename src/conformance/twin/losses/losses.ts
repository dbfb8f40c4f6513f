/** The loss of a trial on the grid, a row a kind: where one is missing, nothing compiles. */
import type { Loss, LossKind } from "../../../model/losses.ts";
import type { Grid } from "../grid.ts";
import { OfTerms } from "./linear.ts";
import { OfFirstSpikes, OfSpikeTimes } from "./spikeLosses.ts";
import { TwinLoss } from "./twinLoss.ts";
import { OfEveryStep, OfIntegrals, OfPeaks } from "./voltageLosses.ts";

type Row<K extends LossKind> = new (grid: Grid, loss: Extract<Loss, { readonly kind: K }>) => TwinLoss;

const twinLosses: { readonly [K in LossKind]: Row<K> } = {
  integral_cross_entropy: OfIntegrals,
  max_cross_entropy: OfPeaks,
  average_cross_entropy: OfEveryStep,
  first_spike: OfFirstSpikes,
  spike_time_mse: OfSpikeTimes,
  linear: OfTerms,
  none: TwinLoss,
};

/** @throws ConfigError a loss that twins do not know, as soon as they come to it */
export function twinLoss(grid: Grid): TwinLoss {
  const { loss } = grid.problem;
  const row = twinLosses[loss.kind] as Row<LossKind>;
  return new row(grid, loss as never);
}
