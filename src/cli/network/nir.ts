/** `goldspike nir`: networks from and to files of the Neuromorphic Intermediate Representation. */
import { Command } from "commander";
import { nirExportCommand } from "./nirExport.ts";
import { nirImportCommand } from "./nirImport.ts";

export function nirCommand(): Command {
  return new Command("nir")
    .description(
      "Reads and writes .nir files of the Neuromorphic Intermediate Representation, in which " +
        "programs for spiking networks exchange them. docs/nir.md has a table of what each node " +
        "means here, and of the conventions of other programs.",
    )
    .addCommand(nirImportCommand())
    .addCommand(nirExportCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike nir import model.nir --time-unit s -o net.json
  $ goldspike nir export runs/words -o words.nir`,
    );
}
