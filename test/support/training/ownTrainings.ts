/** Trainings of a small network of a program's own on a few Yin-Yang points. */
import {
  createTraining,
  drawNetwork,
  type Training,
  type TrainingData,
  type TrainingOptions,
  yinYang,
} from "../../../src/training.ts";

export const duration = 30;
export const points = yinYang({ train: 40, test: 12, trainSeed: 123, testSeed: 456, duration });
export const data: TrainingData = { train: points.train, test: points.test };

/** Two layers, one of them recurrent with delays. */
export function smallNetwork(seed = 1) {
  return drawNetwork(
    {
      inputChannels: 5,
      populations: [
        { name: "hidden", size: 8, tauMem: 20, tauSyn: 5 },
        { name: "output", size: 3, model: "li", tauMem: 20, tauSyn: 5 },
      ],
      projections: [
        { from: "input", to: "hidden", weight: { mean: 1.5, sd: 1.5 } },
        { from: "hidden", to: "hidden", weight: { mean: 0, sd: 0.1 }, delay: { min: 1, max: 4 } },
        { from: "hidden", to: "output", weight: { mean: 0, sd: 1 } },
      ],
    },
    { seed },
  );
}

export const settings = {
  duration,
  loss: { kind: "integral_cross_entropy", weighting: "uniform" },
  optimizer: { learningRate: 0.02, beta2: 0.99 },
  batchSize: 16,
  precision: "f64",
} as const;

export function smallTraining(changes: Partial<TrainingOptions> = {}): Promise<Training> {
  return createTraining({ network: smallNetwork(), data, ...settings, ...changes });
}

/** Weights, delays and neurons' parameters by the names of result files. */
export function tensorsOf(training: Training): Record<string, number[]> {
  const { populations, projections } = training.network();
  const own = populations.flatMap(({ name, tauMem, tauSyn, threshold }) =>
    Object.entries({ tau_mem: tauMem, tau_syn: tauSyn, threshold }).map(([key, values]) => [
      `populations.${name}.${key}`,
      [...values],
    ]),
  );
  const synapses = projections.flatMap(({ weight, delay }, k) => [
    [`projections[${k}].weight`, [...weight]],
    [`projections[${k}].delay`, typeof delay === "number" ? [delay] : [...delay]],
  ]);
  return Object.fromEntries([...own, ...synapses]);
}
