// The task that all systems of this folder are given, as goldspike takes it and as an .npz for the others.
import { loadCase } from "../../dist/format/loadCase.js";
import { npzOf } from "../../dist/format/npz.js";
import { samplesOf } from "../../dist/training.js";
import { speechLike } from "../speechLike.js";

const classes = 20;

/**
 * A batch of speechLike's inputs, one a seed, with labels in turn.
 *
 * @param folder of a case whose network is taken; default the network of speechLike's first seed
 */
export async function problem(batch, folder) {
  const tasks = Array.from({ length: batch }, (_, k) => speechLike(256, 8000, k + 1));
  const [{ network, duration }] = tasks;
  const trials = tasks.map(({ input }, k) => ({ ...input, label: (7 * k) % classes }));
  const limits = { channels: network.inputChannels, classes, duration };
  const given = folder === undefined ? network : (await loadCase(folder)).network;
  return { network: given, duration, train: samplesOf(trials, limits) };
}

/** What task.py reads: weights [post][pre], spikes of trial k at offsets[k] … offsets[k + 1]. */
export function taskBytes({ network, duration, train }) {
  const [hidden] = network.populations;
  const [wIn, wRec, wOut] = network.projections.map(({ weight }) => weight);
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
    ["w_in", matrix(wIn, hidden.size)],
    ["w_rec", matrix(wRec, hidden.size)],
    ["w_out", matrix(wOut, network.populations[1].size)],
  ]);
}
