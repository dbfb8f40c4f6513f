/** `goldspike nir import`: a .nir file as a network of one's own. */
import { extname } from "node:path";
import { Command, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { replaceFile, requireWritable } from "../../base/files.ts";
import { caseJson } from "../../format/caseJson.ts";
import { parseCase } from "../../format/parseCase.ts";
import type { Network } from "../../model/network.ts";
import { dialects } from "../../nir/dialects.ts";
import { importGraph, type NirReadOptions } from "../../nir/importGraph.ts";
import { readGraph } from "../../nir/readGraph.ts";
import { timeUnits } from "../../nir/timeUnit.ts";
import { asFlag } from "../../nir/wording.ts";
import { requireNetworkName, saveNetwork } from "../../run/networkFiles.ts";
import { pairsLine, print } from "../lines.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import { positiveNumber } from "../options.ts";

interface ImportOptions extends NirReadOptions {
  readonly output: string;
  readonly trialOf?: string;
}

export function nirImportCommand(): Command {
  return new Command("import")
    .summary("a NIR file as a network")
    .description(
      "Writes the network of a .nir file, exactly: CubaLIF and CubaLI (or LIF and LI behind an " +
        "LI) with Linear, Affine, Scale and Delay between them, cycles, and graphs in graphs. " +
        "What has no meaning here is refused by node and field.",
    )
    .argument("<file>", ".nir")
    .requiredOption("-o, --output <file>", "network to write: .json, .npz or .safetensors")
    .addOption(
      new Option("--time-unit <unit>", "unit of the file's times, which NIR does not say").choices(timeUnits),
    )
    .addOption(
      new Option("--dialect <name>", "program whose conventions the file follows")
        .choices(dialects)
        .default("nir"),
    )
    .addOption(
      new Option("--start <how>", "V and I at time 0: V = v_leak and I = 0, or both 0")
        .choices(["rest", "zero"])
        .default("rest"),
    )
    .option("--step <ms>", "time step of the program, where its dialect depends on it", positiveNumber)
    .option("--any-times", "take time constants that no neuron is known to have")
    .option("--trial-of <case>", `write a case: duration, input and loss of this ${caseArgument}`)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike nir import model.nir --time-unit ms -o net.json
  $ goldspike nir import snn.nir --dialect snntorch --time-unit s -o net.json
  $ goldspike nir import model.nir --time-unit ms --trial-of case.json -o mine.json
  $ goldspike solve mine.json

Exit codes: 2 if the file is no NIR graph, or has something that has no meaning here.`,
    )
    .action(run);
}

async function run(file: string, { output, trialOf, ...options }: ImportOptions): Promise<void> {
  if (trialOf === undefined) requireNetworkName(output);
  else if (extname(output) !== ".json")
    throw new ConfigError(`${output}: expected a name that ends in .json, for a case`);
  await requireWritable(output);
  const network = await importGraph(await readGraph(file), file, options, asFlag);
  if (trialOf === undefined) await saveNetwork(network, output);
  else await saveCase(network, trialOf, output);
  const { inputChannels, populations, projections } = network;
  const neurons = populations.reduce((sum, { size }) => sum + size, 0);
  const counts = { channels: inputChannels, populations: populations.length, neurons };
  print(`${pairsLine({ ...counts, projections: projections.length, file: output })}\n`);
}

async function saveCase(network: Network, trialOf: string, output: string): Promise<void> {
  const problem = { ...(await loadNamedCase(trialOf)), network };
  const json = caseJson(problem, problem.name);
  // Whether input and loss fit the network.
  parseCase(JSON.parse(JSON.stringify(json)), undefined, `${trialOf} with this network`);
  await replaceFile(output, `${JSON.stringify(json)}\n`);
}
