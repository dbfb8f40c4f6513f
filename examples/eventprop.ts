/**
 * Eventprop on one page: the exact gradient of a spiking network as in [WP21], with the integrated losses and trained
 * time constants of [NTK25], and delays. Each step of the forward pass leaves its adjoint on a tape.
 *
 *   between events   tauMem dV/dt = −V + I + bias                tauSyn dI/dt = −I
 *   arrival          I ← I + weight                              a delay after the spike
 *   spike            V rises through threshold: V ← reset        I as it was, no refractory time
 *   loss             L = l(spike times, some V(t)) + ∫ g V dt
 *
 * The adjoint goes through the same events backwards, s = T − t, from lambdaV = lambdaI = 0 at T. By convention
 * lambdaV = −(∂L/∂V)/tauMem and lambdaI = −(∂L/∂I)/tauSyn, for V and I changed at t and all that follows responding:
 *
 *   between events   tauMem dlambdaV/ds = −lambdaV − g           tauSyn dlambdaI/ds = −lambdaI + lambdaV
 *   arrival          dL/dweight = −tauSyn lambdaI                dL/dt = weight (lambdaV − lambdaI)
 *   spike            dL/dt = ∂l/∂t + Σ dL/dt of its arrivals + lambdaV⁺ (I + bias − reset) + g (threshold − reset)
 *                    lambdaV⁻ = dL/dt / (I + bias − threshold)   ⁺ just after the spike, ⁻ just before
 *
 * [WP21] Wunderlich, Pehle, doi 10.1038/s41598-021-91786-z; [NTK25] Nowotny, Turner, Knight, arXiv:2212.01232
 */

// Times are in ms. The derivative of L by a number stands beside it, as dWeight, dTime or d.tauMem.
const defaults = { tauMem: 20, tauSyn: 5, threshold: 1, reset: 0, bias: 0, v0: 0, i0: 0 };
type Name = keyof typeof defaults;
type Values = number | ArrayLike<number>; // one for all, or one each
const rest = { time: 0, integral: 0, pull: 0, lambdaV: 0, lambdaI: 0 }; // how a trial begins
const at = (values: Values, k: number) => (typeof values === "number" ? values : values[k]!);

export type Neuron = ReturnType<typeof population>[number];
export type Synapse = { to: Neuron; weight: number; delay: number; dWeight: number; dDelay: number };
/** Of an input channel or a neuron; the slope is dV/dt of the neuron just before. */
export type Spike = { source: { out: Synapse[] }; time: number; dTime: number; slope?: number };
/** V for a loss to see, 0 < time ≤ T; at an event's own time the one before it. */
export type Sample = { neuron: Neuron; time: number; v: number; dV: number };
type Tape = (() => void)[];

/** Leaky integrate-and-fire neurons (`lif`), or leaky integrators (`li`), which never spike. Values [count]. */
export function population(count: number, model: "lif" | "li", values: { [name in Name]?: Values }) {
  return Array.from({ length: count }, (_, j) => {
    const [own, d] = [{ ...defaults }, { ...defaults }];
    for (const key of Object.keys(own) as Name[]) [own[key], d[key]] = [at(values[key] ?? own[key], j), 0];
    // At `time`, right after the last event here: V, I, ∫ V dt. The pull is −g. A crossing not known is undefined.
    const state = { ...rest, v: 0, i: 0, crossing: undefined as number | undefined };
    return { ...own, d, ...state, model, out: [] as Synapse[] };
  });
}

/** Synapses from all to all. Weight and delay [to][from]. */
export function project(from: Spike["source"][], to: Neuron[], weight: ArrayLike<number>, delay: Values = 0) {
  return Array.from(weight, (w, k) => {
    const neuron = to[Math.floor(k / from.length)]!;
    const synapse: Synapse = { to: neuron, weight: w, delay: at(delay, k), dWeight: 0, dDelay: 0 };
    from[k % from.length]!.out.push(synapse);
    return synapse;
  });
}

/** (e^p − e^q)/(p − q), accurate however near the two are; e^p where they meet. */
function difference(p: number, q: number): number {
  const gap = -Math.abs(p - q);
  return Math.exp(Math.max(p, q)) * (gap === 0 ? 1 : Math.expm1(gap) / gap);
}

/** Its derivative by p, (difference(p, q) − e^p)/(q − p), by Taylor's series where this would cancel. */
function differenceByP(p: number, q: number): number {
  if (Math.abs(q - p) > 1) return (difference(p, q) - Math.exp(p)) / (q - p);
  let sum = 1;
  for (let n = 20; n > 2; n--) sum = 1 + (sum * (q - p)) / n;
  return (Math.exp(p) * sum) / 2;
}

function voltageAfter({ tauMem, tauSyn, bias, v, i }: Neuron, s: number): number {
  const [p, q] = [-s / tauMem, -s / tauSyn];
  return bias + (v - bias) * Math.exp(p) + ((i * s) / tauMem) * difference(p, q);
}

/**
 * V, I and ∫ V dt go on to `time`. Backwards both lambdas tend to the pull, and what exceeds it flows freely; tauMem
 * gets ∫ lambdaV dV/dt dt, tauSyn ∫ lambdaI dI/dt dt, bias −∫ lambdaV dt, all as derivatives of the closed form.
 */
function flow(neuron: Neuron, time: number, tape: Tape): void {
  const { tauMem, tauSyn, bias, v, i, d } = neuron;
  const s = time - neuron.time;
  const [p, q] = [-s / tauMem, -s / tauSyn];
  neuron.v = voltageAfter(neuron, s);
  neuron.i = i * Math.exp(q);
  neuron.time = time;
  const [fallV, fallI] = [v - neuron.v, i - neuron.i];
  neuron.integral += bias * s + tauMem * fallV + tauSyn * fallI;
  tape.push(function flowAdjoint() {
    const { pull } = neuron;
    const [lambdaV, lambdaI] = [neuron.lambdaV - pull, neuron.lambdaI - pull];
    const response = s * difference(p, q);
    neuron.lambdaV = pull + lambdaV * Math.exp(p);
    neuron.lambdaI = pull + lambdaI * Math.exp(q) + (lambdaV / tauSyn) * response;
    const vByP = (v - bias) * Math.exp(p) + ((i * s) / tauMem) * differenceByP(p, q);
    const vByQ = ((i * s) / tauMem) * differenceByP(q, p);
    d.tauMem += lambdaV * (p * vByP + (i / tauMem) * response) - pull * fallV;
    d.tauSyn += q * ((tauMem / tauSyn) * lambdaV * vByQ + lambdaI * i * Math.exp(q)) - pull * fallI;
    d.bias += tauMem * lambdaV * Math.expm1(p) - pull * s;
  });
}

/** When V next rises through the threshold: dV/dt vanishes once at most, so V rises in one stretch or never. */
function crossing(neuron: Neuron, duration: number): number {
  const { model, tauMem, tauSyn, threshold, bias, v, i, time } = neuron;
  const rise = i + bias - v; // tauMem dV/dt, which vanishes after the s at which (1 − e^(−gap s))/gap = y
  const y = (tauSyn * rise) / i;
  const gap = (tauMem - tauSyn) / (tauMem * tauSyn);
  const s = !(y >= 0) || gap * y >= 1 ? Infinity : gap === 0 ? y : -Math.log1p(-gap * y) / gap;
  const turn = Math.min(time + s, duration);
  let [low, high] = rise > 0 ? [time, turn] : [turn, duration];
  if (model === "li" || !(voltageAfter(neuron, high - time) > threshold)) return Infinity;
  while (voltageAfter(neuron, low - time) < threshold) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) low = high;
    else if (voltageAfter(neuron, middle - time) < threshold) low = middle;
    else high = middle;
  }
  return low < duration ? low : Infinity;
}

function start(neuron: Neuron, tape: Tape): void {
  const { tauMem, tauSyn, v0, i0, d } = neuron;
  Object.assign(neuron, rest, { v: v0, i: i0, crossing: undefined });
  tape.push(function startAdjoint() {
    d.v0 -= tauMem * neuron.lambdaV;
    d.i0 -= tauSyn * neuron.lambdaI;
  });
}

function arrive(synapse: Synapse, spike: Spike, tape: Tape): void {
  const { to, weight, delay } = synapse;
  flow(to, spike.time + delay, tape);
  to.i += weight;
  to.crossing = undefined;
  tape.push(function arriveAdjoint() {
    const later = weight * (to.lambdaV - to.lambdaI);
    spike.dTime += later;
    synapse.dDelay += later;
    synapse.dWeight -= to.tauSyn * to.lambdaI;
  });
}

function fire(neuron: Neuron, time: number, tape: Tape): Spike {
  flow(neuron, time, tape);
  const { tauMem, threshold, reset, bias, i, d } = neuron;
  const spike = { source: neuron, time, dTime: 0, slope: (i + bias - threshold) / tauMem };
  neuron.v = reset;
  neuron.crossing = undefined;
  tape.push(function fireAdjoint() {
    d.reset -= tauMem * neuron.lambdaV;
    spike.dTime += neuron.lambdaV * (i + bias - reset) - neuron.pull * (threshold - reset);
    neuron.lambdaV = spike.dTime / (i + bias - threshold);
    d.threshold += tauMem * neuron.lambdaV;
  });
  return spike;
}

function look(sample: Sample, tape: Tape): void {
  flow(sample.neuron, sample.time, tape);
  sample.v = sample.neuron.v;
  tape.push(function lookAdjoint() {
    sample.neuron.lambdaV -= sample.dV / sample.neuron.tauMem;
  });
}

/** The trial [0, T): its spikes [k] in order, and the tape. Samples [m] are given in order of time. */
export function forward(neurons: Neuron[], input: Spike[], duration: number, samples: Sample[] = []) {
  const [tape, spikes]: [Tape, Spike[]] = [[], []];
  // By time, and at one time in the order of being added: samples see V before anything arrives.
  const queue = samples.map((sample) => ({ time: sample.time, happen: () => look(sample, tape) }));
  const send = (spike: Spike) => {
    for (const synapse of spike.source.out) {
      const time = spike.time + synapse.delay;
      if (time < duration) queue.push({ time, happen: () => arrive(synapse, spike, tape) });
    }
    queue.sort((a, b) => a.time - b.time);
  };
  for (const neuron of neurons) start(neuron, tape);
  for (const spike of input) send(spike);
  for (;;) {
    for (const neuron of neurons) neuron.crossing ??= crossing(neuron, duration);
    const time = Math.min(...neurons.map((neuron) => neuron.crossing!));
    if (queue.length > 0 && queue[0]!.time <= time) queue.shift()!.happen();
    else if (time === Infinity) break;
    else {
      // All that cross at this time, before a spike of theirs arrives anywhere.
      const fired = neurons.filter((n) => n.crossing === time).map((n) => fire(n, time, tape));
      spikes.push(...fired);
      if (spikes.length > 1e5) throw new Error(`more than 100,000 spikes before ${time} of ${duration} ms`);
      for (const spike of fired) send(spike);
    }
  }
  for (const neuron of neurons) flow(neuron, duration, tape);
  return { spikes, tape };
}

/** All derivatives, once a loss has added its own to dTime of spikes, dV of samples and, as −g, to pull of neurons. */
export function backward(tape: Tape): void {
  while (tape.length > 0) tape.pop()!();
}

/** L = Σ a_k t_k + Σ c_m V_m of spikes [k] and samples [m]: any loss of theirs, if a and c are its derivatives. */
export function linear(spikes: Spike[], a: number[], samples: Sample[], c: number[]): number {
  for (const [k, spike] of spikes.entries()) spike.dTime += a[k]!;
  for (const [m, sample] of samples.entries()) sample.dV += c[m]!;
  const times = spikes.reduce((sum, { time }, k) => sum + a[k]! * time, 0);
  return samples.reduce((sum, { v }, m) => sum + c[m]! * v, times);
}

/** L = −log softmax(S)_target, S_k = (1/T) ∫ V_k dt of the outputs [k] [NTK25]. */
export function integralCrossEntropy(outputs: Neuron[], duration: number, target: number): number {
  const odds = outputs.map(({ integral }) => Math.exp((integral - outputs[target]!.integral) / duration));
  const sum = odds.reduce((total, power) => total + power);
  for (const [k, neuron] of outputs.entries()) neuron.pull -= odds[k]! / sum / duration;
  outputs[target]!.pull += 1 / duration;
  return Math.log(sum);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const channels = [{ out: [] }, { out: [] }];
  const [hidden, output] = [population(2, "lif", {}), population(2, "li", {})];
  const weights = project(channels, hidden, [9, 2, 3, 8]);
  project(hidden, output, [1, -1, -1, 1], 0.5);
  const input = channels.map((source, k) => ({ source, time: 1 + 3 * k, dTime: 0 }));
  const { tape } = forward([...hidden, ...output], input, 60);
  console.log("L =", integralCrossEntropy(output, 60, 0));
  backward(tape);
  for (const { weight, dWeight } of weights) console.log(`dL/dw = ${dWeight} at w = ${weight}`);
}
