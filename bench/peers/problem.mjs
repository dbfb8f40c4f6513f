// The task that all programs of this folder are given, as an .npz that each of them reads.
import { loadCase } from "../../dist/format/loadCase.js";
import { npzOf, readNpz } from "../../dist/format/npz.js";
import { buildNetwork } from "../../dist/index.js";
import { samplesOf } from "../../dist/training.js";
import { speechLike } from "../speechLike.js";

const classes = 20;

/**
 * A batch of speechLike's inputs, one a seed, with labels in turn, and the network of speechLike's first seed.
 *
 * @param folder of a case of the same shape whose weights are taken instead
 */
export async function problem(batch, folder) {
  const tasks = Array.from({ length: batch }, (_, k) => speechLike(256, 8000, k + 1));
  const [{ network, duration }] = tasks;
  const trials = tasks.map(({ input }, k) => ({ ...input, label: (7 * k) % classes }));
  const limits = { channels: network.inputChannels, classes, duration };
  const given = folder === undefined ? network : (await loadCase(folder)).network;
  return { network: given, duration, train: samplesOf(trials, limits) };
}

/** What task.py reads: weights [post][pre], spikes of trial k at offsets[k] … offsets[k + 1]; times in ms. */
export function taskBytes({ network, duration, train }) {
  const [hidden, output] = network.populations;
  const vector = (values) => ({ shape: [values.length], values: Float64Array.from(values) });
  const number = (value) => ({ shape: [], values: Float64Array.of(value) });
  const matrix = (values, post) => ({ shape: [post, values.length / post], values });
  return npzOf([
    ["times", vector(train.times)],
    ["sources", vector(train.sources)],
    ["offsets", vector(train.offsets)],
    ["labels", vector(train.labels)],
    ["duration", number(duration)],
    ["tau_mem", number(hidden.tauMem[0])],
    ["tau_syn", number(hidden.tauSyn[0])],
    ...["w_in", "w_rec", "w_out"].map((name, k) => {
      const { weight } = network.projections[k];
      return [name, matrix(weight, [hidden, hidden, output][k].size)];
    }),
  ]);
}

/** The task as goldspike takes it. */
export function taskOf(bytes) {
  const arrays = readNpz(bytes, "task");
  const values = (name) => arrays.get(name).values;
  const [size, channels] = arrays.get("w_in").shape;
  const [duration, tauMem, tauSyn] = ["duration", "tau_mem", "tau_syn"].map((name) => values(name)[0]);
  const network = buildNetwork({
    inputChannels: channels,
    populations: [
      { name: "hidden", size, tauMem, tauSyn },
      { name: "output", size: arrays.get("w_out").shape[0], model: "li", tauMem, tauSyn },
    ],
    projections: [
      { from: "input", to: "hidden", weight: values("w_in") },
      { from: "hidden", to: "hidden", weight: values("w_rec") },
      { from: "hidden", to: "output", weight: values("w_out") },
    ],
  });
  const [times, offsets, labels] = [values("times"), values("offsets"), values("labels")];
  const sources = Int32Array.from(values("sources"));
  const trials = Array.from(labels, (label, k) => {
    const own = (array) => array.subarray(offsets[k], offsets[k + 1]);
    return { times: own(times), sources: own(sources), label };
  });
  const limits = { channels, classes: network.populations[1].size, duration };
  return { network, duration, train: samplesOf(trials, limits) };
}
