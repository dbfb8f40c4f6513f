/** `goldspike export`: a network in the form of another program. */
import { extname } from "node:path";
import { Command } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { requireWritable } from "../../base/files.ts";
import { loadNetwork, type NetworkChoice, requireNetworkName, saveNetwork } from "../../run/networkFiles.ts";
import { pairsLine, print } from "../lines.ts";
import { namedPath } from "../namedCase.ts";
import { checkpointOption, networkArgument } from "./networkOptions.ts";

interface ExportOptions extends NetworkChoice {
  readonly output: string;
}

export function exportCommand(): Command {
  return new Command("export")
    .description(
      "Writes the weights, delays and neurons' parameters of a network or of a trained run " +
        "under the names of results, such as projections[0].weight ([post][pre]) and " +
        "populations.hidden.tau_mem, all as f64, times in ms. What it writes, it reads.",
    )
    .argument("<network>", networkArgument)
    .requiredOption("-o, --output <file>", ".npz, .safetensors or .json (goldspike/network@1)")
    .addOption(checkpointOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike export runs/words -o words.npz
  $ python3 -c "import numpy; print(numpy.load('words.npz')['projections[0].weight'].shape)"
  $ goldspike export net.json -o net.safetensors
  $ goldspike export changed.npz -o changed.json

Exit codes: 2 if the network cannot be read. For NIR see: goldspike nir export --help`,
    )
    .action(run);
}

async function run(path: string, { output, checkpoint }: ExportOptions): Promise<void> {
  if (extname(output) === ".nir")
    throw new ConfigError(`${output}: NIR is written by: goldspike nir export ${path} -o ${output}`);
  requireNetworkName(output);
  await requireWritable(output);
  const network = await loadNetwork(await namedPath(path), { checkpoint });
  await saveNetwork(network, output);
  const { populations, projections } = network;
  print(`${pairsLine({ populations: populations.length, projections: projections.length, file: output })}\n`);
}
