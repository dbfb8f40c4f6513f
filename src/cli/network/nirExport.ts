/** `goldspike nir export`: a network as a .nir file. */
import { Command, Option } from "commander";
import { requireWritable } from "../../base/files.ts";
import { exportNetwork, type NirWriteOptions } from "../../nir/exportNetwork.ts";
import { timeUnits } from "../../nir/timeUnit.ts";
import { asFlag } from "../../nir/wording.ts";
import { writeGraph } from "../../nir/writeGraph.ts";
import { loadNetwork, type NetworkChoice } from "../../run/networkFiles.ts";
import { pairsLine, print } from "../lines.ts";
import { namedPath } from "../namedCase.ts";
import { positiveInteger } from "../options.ts";
import { checkpointOption, networkArgument } from "./networkOptions.ts";

interface ExportOptions extends NirWriteOptions, NetworkChoice {
  readonly output: string;
}

export function nirExportCommand(): Command {
  return new Command("export")
    .summary("a network as a NIR file")
    .description(
      "Writes a network as CubaLIF, CubaLI, Linear and Delay nodes, with w_in = tau_syn, so " +
        "that a spike of weight W adds W to the current. The file says its unit of time.",
    )
    .argument("<network>", networkArgument)
    .requiredOption("-o, --output <file>", ".nir to write")
    .addOption(
      new Option("--time-unit <unit>", "of the file; only ms keeps every bit")
        .choices(timeUnits)
        .default("ms"),
    )
    .addOption(
      new Option("--start <how>", "a v0 or i0 for which NIR has no field")
        .choices(["refuse", "metadata"])
        .default("refuse"),
    )
    .option("--most-delays <n>", "most distinct delays of a projection, a matrix each", positiveInteger, 64)
    .addOption(checkpointOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike nir export net.json -o net.nir
  $ goldspike nir export runs/words --time-unit s -o words.nir
  $ python3 -c "import nir; print(nir.read('words.nir').nodes.keys())"

Exit codes: 2 if the network cannot be read, or has something that NIR cannot express.`,
    )
    .action(run);
}

async function run(path: string, { output, checkpoint, ...options }: ExportOptions): Promise<void> {
  await requireWritable(output);
  const network = await loadNetwork(await namedPath(path), { checkpoint });
  const graph = exportNetwork(network, path, options, asFlag);
  await writeGraph(output, graph);
  print(`${pairsLine({ nodes: graph.nodes.size, edges: graph.edges.length, file: output })}\n`);
}
