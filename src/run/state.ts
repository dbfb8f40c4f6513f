/** A trainer's whole state as a checkpoint, and back. */

import { version } from "../base/version.ts";
import type { TrainerConfig } from "../training/config/own.ts";
import type { ParameterTensor } from "../training/parameterTensors.ts";
import type { Trainer } from "../training/trainer.ts";
import type { AnyConfig, Checkpoint } from "./checkpoint.ts";
import { fingerprintsOf, requireCompatible, requireConsistent } from "./compatible.ts";
import { requirePossibleProgress, requirePossibleValues } from "./possible.ts";
import type { Tensor } from "./safetensors.ts";

export function checkpointOf<Config extends TrainerConfig>(trainer: Trainer<Config>): Checkpoint<Config> {
  const { state, history } = trainer;
  return {
    version,
    configuration: trainer.config,
    classes: trainer.dataset.classes,
    data: fingerprintsOf(trainer.dataset),
    epoch: state.batch > 0 ? state.epoch : history.length,
    batch: state.batch,
    history,
    progress: state,
    tensors: tensorsOf(trainer),
  };
}

/** Values by name, and behind it `.m` and `.v`, the moments of what is trained. */
function tensorsOf({ config: { precision }, parameters, adam }: Trainer<TrainerConfig>): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, optimized, arranged, read } of parameters) {
    // What is trained has the kernel's precision, so that nothing is lost.
    const narrow = optimized !== undefined && precision === "f32";
    const add = (key: string, values: Float64Array<ArrayBuffer>) =>
      tensors.set(
        key,
        narrow
          ? { dtype: "F32", shape, data: Float32Array.from(values) }
          : { dtype: "F64", shape, data: values },
      );
    add(name, read());
    const moments = adam.moments.get(name);
    if (moments === undefined) continue;
    add(`${name}.m`, arranged(moments.m));
    add(`${name}.v`, arranged(moments.v));
  }
  return tensors;
}

/** @throws ConfigError naming what does not fit the trainer's configuration, classes or network, or no network can have */
export function requireOwn(
  trainer: Trainer<TrainerConfig>,
  checkpoint: Checkpoint<AnyConfig>,
  path: string,
): void {
  const expected = { configuration: trainer.config, classes: trainer.dataset.classes };
  requireCompatible(path, checkpoint, { ...expected, tensors: tensorsOf(trainer) });
  requirePossibleValues(trainer, checkpoint, path);
}

/**
 * Puts a trainer where the checkpoint was written.
 *
 * @throws ConfigError naming what does not fit the trainer's configuration, classes or network
 */
export function restore(
  trainer: Trainer<TrainerConfig>,
  checkpoint: Checkpoint<AnyConfig>,
  path: string,
): void {
  requireOwn(trainer, checkpoint, path);
  requireConsistent(trainer, checkpoint, path);
  requirePossibleProgress(trainer, checkpoint, path);
  restoreParameters(trainer.parameters, checkpoint);
  for (const { name, spread } of trainer.parameters) {
    const moments = trainer.adam.moments.get(name);
    if (moments === undefined) continue;
    spread(checkpoint.tensors.get(`${name}.m`)!.data, moments.m);
    spread(checkpoint.tensors.get(`${name}.v`)!.data, moments.v);
  }
  trainer.history = [...checkpoint.history];
  trainer.state = checkpoint.progress;
}

/** Takes over the values alone. */
export function restoreParameters(
  parameters: readonly ParameterTensor[],
  { tensors }: Pick<Checkpoint<AnyConfig>, "tensors">,
): void {
  for (const { name, write } of parameters) write(tensors.get(name)!.data);
}
