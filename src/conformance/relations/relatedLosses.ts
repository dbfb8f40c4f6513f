/** What becomes of a loss where a related case has its neurons in another order or its times twice as long: a row a kind. */
import type { Linear, Loss, LossKind } from "../../model/losses.ts";
import { lossPopulation } from "../../model/losses.ts";
import type { Network } from "../../model/network.ts";

/** Undefined where the related case has no such loss. */
type Changes = {
  readonly [K in LossKind]: (loss: Extract<Loss, { readonly kind: K }>, network: Network) => Loss | undefined;
};

const same = <L extends Loss>(loss: L): Loss => loss;

function relabelled<L extends Extract<Loss, { readonly target: number }>>(loss: L, network: Network): L {
  return { ...loss, target: lossPopulation(network, loss)!.size - 1 - loss.target };
}

const reversals: Changes = {
  integral_cross_entropy: relabelled,
  max_cross_entropy: relabelled,
  average_cross_entropy: relabelled,
  first_spike: relabelled,
  spike_time_mse: (loss) => ({ ...loss, targets: [...loss.targets].reverse() }),
  linear: (loss, { populations }) =>
    withTerms(loss, (term) => {
      const { size } = populations.find(({ name }) => name === term.population)!;
      return { ...term, neuron: size - 1 - term.neuron };
    }),
  none: same,
};

/** Losses of voltages stay what they are. */
const doublings: Changes = {
  integral_cross_entropy: same,
  max_cross_entropy: same,
  average_cross_entropy: same,
  first_spike: () => undefined,
  spike_time_mse: () => undefined,
  linear: (loss) => ({
    ...withTerms(loss, (term) => ({ ...term, time: 2 * term.time })),
    spikeTimes: Object.fromEntries(
      Object.entries(loss.spikeTimes ?? {}).map(([name, factors]) => [name, factors.map((a) => a / 2)]),
    ),
  }),
  none: same,
};

type Term = NonNullable<Linear["voltages"]>[number];

function withTerms(loss: Linear, change: (term: Term) => Term): Linear {
  return { ...loss, voltages: loss.voltages?.map(change) };
}

function changed(changes: Changes, loss: Loss, network: Network): Loss | undefined {
  const change = changes[loss.kind] as (loss: Loss, network: Network) => Loss | undefined;
  return change(loss, network);
}

/** Of neurons in reverse order. */
export function reversedLoss(loss: Loss, network: Network): Loss {
  return changed(reversals, loss, network)!;
}

/** Of all times twice as long, with the same value; undefined where none has it. */
export function doubledLoss(loss: Loss, network: Network): Loss | undefined {
  return changed(doublings, loss, network);
}
