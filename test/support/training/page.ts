/** What a page might do: train Yin-Yang for a few steps, with what works without Node. */
import {
  configuredTraining,
  createTraining,
  drawNetwork,
  oneThread,
  parseRunConfig,
  samplesOf,
  yinYang,
} from "../../../src/training.ts";

/** What a configuration describes. */
async function configured(): Promise<number> {
  const config = parseRunConfig({
    dataset: { kind: "yinyang" },
    duration: 30,
    network: { hidden: [{ size: 8, recurrent: false }] },
    epochs: 1,
  });
  const data = yinYang({ train: 40, test: 12, trainSeed: 123, testSeed: 456, duration: 30 });
  const training = await configuredTraining(config, data);
  return (await training.epoch())!.train.loss;
}

export async function trainedYinYang() {
  const duration = 30;
  const { train, test } = yinYang({ train: 96, test: 32, trainSeed: 1, testSeed: 2, duration });
  const network = drawNetwork({
    inputChannels: 5,
    populations: [
      { name: "hidden", size: 20, tauMem: 20, tauSyn: 5 },
      { name: "output", size: 3, model: "li", tauMem: 20, tauSyn: 5 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: { mean: 1.5, sd: 1.5 } },
      { from: "hidden", to: "output", weight: { mean: 0, sd: 0.7 } },
    ],
  });
  const loss = { kind: "integral_cross_entropy", weighting: "uniform" } as const;
  const optimizer = { learningRate: 0.02 };
  const options = { network, data: { train }, duration, loss, optimizer, batchSize: 16 };
  const training = await createTraining({ ...options, threads: oneThread });
  const losses: number[] = [];
  for (let epoch = 0; epoch < 3; epoch++) losses.push((await training.epoch())!.train.loss);
  const own = samplesOf([{ times: [1, 2], sources: [0, 4], label: 0 }], {
    channels: 5,
    classes: 3,
    duration,
  });
  const { score } = await training.evaluate(test);
  return {
    losses,
    configured: await configured(),
    score,
    weights: training.network().projections.map(({ weight }) => [...weight]),
    readout: [...(await training.evaluate(own)).outcomes[0]!.readout],
  };
}
