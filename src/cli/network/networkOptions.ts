/** What the commands that take a network share. */
import { Option } from "commander";

export const networkArgument = "network (.json, .npz, .safetensors), folder of a run, checkpoint, or case";

export function checkpointOption(): Option {
  return new Option("--checkpoint <which>", "of a run: its selected epoch or its newest checkpoint")
    .choices(["best", "last"])
    .default("best");
}
