/** A lone neuron of 20 ms and 5 ms and threshold 1 that gets one spike, in closed form. */

const [tauMem, tauSyn] = [20, 5];

const slow = (x: number) => Math.exp(-x / tauMem);
const fast = (x: number) => Math.exp(-x / tauSyn);
/** V of a unit current that starts at 0. */
const response = (x: number) => (tauSyn / (tauMem - tauSyn)) * (slow(x) - fast(x));

/** x at which V = response(x) i has risen to 1, if it gets there. */
function crossing(i: number): number | undefined {
  const top = (Math.log(tauMem / tauSyn) * tauMem * tauSyn) / (tauMem - tauSyn);
  if (i * response(top) <= 1) return undefined;
  let [low, high] = [0, top];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (i * response(middle) < 1) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Σ over spikes of dV/dw just before each, at fixed times, by carrying dV/dw forwards: after a spike, V has been rising
 * from the reset for −dt/dw = (dV/dw)/V̇⁻ longer or shorter.
 */
export function sensitivity(weight: number): { spikes: number; sum: number } {
  let [current, moved, sum, spikes] = [weight, 0, 0, 0];
  for (;;) {
    const wait = crossing(current);
    if (wait === undefined) return { spikes, sum };
    const before = moved * slow(wait) + (current / weight) * response(wait);
    sum += before;
    current *= fast(wait);
    moved = (before * current) / (current - 1);
    spikes++;
  }
}
