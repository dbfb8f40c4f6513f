/** Synapses and neurons written down differently but to the same effect. */
import { describe, expect, test, vi } from "vitest";
import type { Case } from "../../src/model/case.ts";
import type { Projection } from "../../src/model/network.ts";
import { consult } from "../oracle/consult.ts";
import { solveSketch as solve } from "../support/networks/build.ts";
import { sampledErrors, tensorsOf } from "../support/networks/entries.ts";
import { expectNear, expectSpikes } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";
import { times, withNetwork, withProjections } from "../support/networks/transforms.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

describe("synapses", () => {
  test("two projections that share the weights: the same spikes, and each part has the gradient of the whole", async () => {
    await holds(
      { kinds: ["integral_cross_entropy", "average_cross_entropy", "spike_time_mse", "linear"] },
      async ({ problem, engine, pick }) => {
        const at = pick % problem.network.projections.length;
        const whole = problem.network.projections[at]!;
        const share = 0.25 + (pick % 100) / 200;
        const rest = { ...whole, weight: times(whole.weight, 1 - share) };
        const split = withProjections(
          withNetwork(problem, ({ projections }) => ({
            projections: projections.map((p, k) => (k === at ? { ...p, weight: times(p.weight, share) } : p)),
          })),
          rest,
        );
        const expected = engine.solve(problem.input, problem.loss);
        const actual = await solve(split);
        expectSpikes(actual.spikes, expected.spikes, 1e-14 * problem.duration);
        const truth = expected.gradients.projections[at]!.weight;
        for (const part of [at, split.network.projections.length - 1])
          expectNear(actual.gradients.projections[part]!.weight, truth, 1e-11);
      },
    );
  });

  test("synapses of weight zero change no spike, and have the oracle's gradient", async () => {
    await holds(
      { kinds: ["integral_cross_entropy", "spike_time_mse", "linear"], runs: 20 },
      async ({ problem, engine, pick }) => {
        const { name, size } = problem.network.populations[0]!;
        const added: Projection = {
          from: name,
          to: name,
          weight: new Float64Array(size * size),
          delay: pick % 3,
        };
        const extended = withProjections(problem, added);
        const expected = engine.solve(problem.input, problem.loss);
        const actual = await solve(extended);
        // A delayed delivery of nothing still cuts the flow in two.
        expectSpikes(actual.spikes, expected.spikes, 1e-14 * problem.duration);
        const last = `weight ${problem.network.projections.length} `;
        const tensors = tensorsOf(extended, actual.gradients).filter((tensor) =>
          tensor.name.startsWith(last),
        );
        for (const { detail, error } of sampledErrors(tensors, consult(extended), pick, 1))
          expect([detail, error < 1e-11]).toEqual([detail, true]);
      },
    );
  });

  const delay = 1.5625;
  const changeInput = (problem: Case, edit: (p: Projection, postCount: number) => Partial<Projection>) =>
    withNetwork(problem, ({ populations, projections }) => ({
      projections: projections.map((p) => {
        const post = populations.find(({ name }) => name === p.to)!.size;
        return p.from === "input" ? { ...p, ...edit(p, post) } : p;
      }),
    }));

  test("a delay for all, the same for each synapse, or later input: one and the same", async () => {
    const delayed = (problem: Case) => changeInput(problem, () => ({ delay }));
    await holds({ kinds: ["integral_cross_entropy"], change: delayed }, async ({ problem, engine }) => {
      const { loss, input, network } = problem;
      const shared = engine.solve(input, loss);
      // A further channel, silent but of another delay, makes the engine treat each synapse on its own.
      const channels = network.inputChannels + 1;
      const own = changeInput(problem, ({ weight }, post) => {
        const widened = new Float64Array(post * channels);
        const delays = widened.map((_, synapse) => (synapse % channels === channels - 1 ? 9 : delay));
        for (let j = 0; j < post; j++)
          widened.set(weight.subarray(j * (channels - 1), (j + 1) * (channels - 1)), j * channels);
        return { weight: widened, delay: delays };
      });
      const each = await solve(withNetwork(own, () => ({ inputChannels: channels })));
      const moved = { ...input, times: input.times.map((time) => time + delay) };
      const later = await solve({ ...changeInput(problem, () => ({ delay: 0 })), input: moved });
      for (const actual of [each, later]) {
        expectSpikes(actual.spikes, shared.spikes, 1e-14 * problem.duration);
        expectNear(actual.gradients.inputTimes, shared.gradients.inputTimes, 1e-11);
        for (const [name, values] of Object.entries(shared.gradients.spikeTimes))
          expectNear(actual.gradients.spikeTimes[name]!, values, 1e-11);
      }
      shared.gradients.projections.forEach(({ weight }, p) => {
        expectNear(later.gradients.projections[p]!.weight, weight, 1e-11);
      });
    });
  });

  test("a neuron's silent twin, with the same input and no effect, spikes when it does", async () => {
    await holds({ kinds: ["none"] }, async ({ problem, engine }) => {
      const name = "layer0";
      const twin = withNetwork(problem, ({ populations, projections }) => ({
        populations: populations.map((p) =>
          p.name !== name
            ? p
            : Object.assign(
                { ...p, size: p.size + 1 },
                Object.fromEntries(
                  (["tauMem", "tauSyn", "threshold", "reset", "bias", "v0", "i0"] as const).map((key) => [
                    key,
                    Float64Array.of(...p[key], p[key][0]!),
                  ]),
                ),
              ),
        ),
        projections: projections.map((p) => {
          const post = populations.find((population) => population.name === p.to)!.size;
          const pre = p.weight.length / post;
          const copy = (values: Float64Array, silent: number) => {
            const rows = Array.from({ length: post }, (_, j) =>
              Array.from(values.subarray(j * pre, (j + 1) * pre)),
            );
            if (p.to === name) rows.push([...rows[0]!]);
            return Float64Array.from(rows.flatMap((row) => (p.from === name ? [...row, silent] : row)));
          };
          return {
            ...p,
            weight: copy(p.weight, 0),
            delay: typeof p.delay === "number" ? p.delay : copy(p.delay, 0),
          };
        }),
      }));
      engine.evaluate(problem.input, problem.loss);
      const { times: expected, neurons: senders } = engine.simulation().spikes[name]!;
      const { times: all, neurons } = (await solve(twin)).spikes[name]!;
      const last = twin.network.populations[0]!.size - 1;
      const of = (neuron: number) => Array.from(all.filter((_, k) => neurons[k] === neuron));
      expect(of(last)).toEqual(of(0));
      expect(Array.from(all.filter((_, k) => neurons[k] !== last))).toEqual(Array.from(expected));
      expect(Array.from(neurons.filter((neuron) => neuron !== last))).toEqual(Array.from(senders));
    });
  });
});
