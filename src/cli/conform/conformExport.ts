/** `goldspike conform export`: the suite as files of one's own. */
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { cannotWrite, exists, replaceFile } from "../../base/files.ts";
import { readGolden } from "../../conformance/suite/golden.ts";
import { npzOf } from "../../conformance/suite/npz.ts";
import { listSuite, type SuiteEntry } from "../../conformance/suite/suite.ts";
import { blobsOf } from "../../format/loadCase.ts";
import { readJson } from "../../format/readJson.ts";
import { pairsLine } from "../lines.ts";
import { suiteOption } from "./conformOptions.ts";

export function conformExportCommand(): Command {
  return new Command("export")
    .summary("copy the suite, with .npz files")
    .description(
      "Copies the cases and what is known about them, and writes case.npz and\n" +
        "golden.npz beside the JSON: every number under its path, for numpy.load.",
    )
    .argument("<dir>", "folder to write to; files there are replaced")
    .addOption(suiteOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform export suite
  $ python3 -c "import numpy; print(numpy.load('suite/smoke/recurrence/golden.npz')['spikes.hidden.times'])"`,
    )
    .action(run);
}

async function run(target: string, { suite }: { suite: string }): Promise<void> {
  const entries = await listSuite(suite);
  for (const entry of entries) await copy(entry, join(target, entry.group, entry.name));
  console.log(pairsLine({ cases: entries.length, folder: target }));
}

async function copy({ folder, group }: SuiteEntry, target: string): Promise<void> {
  try {
    await mkdir(target, { recursive: true });
    for (const name of await readdir(folder)) await cp(join(folder, name), join(target, name));
  } catch (error) {
    throw cannotWrite(target, error);
  }
  // What must be refused need not even be JSON.
  const plain = group !== "metamorphic" && group !== "batch";
  if (plain && (await readGolden(folder)).refuse !== undefined) return;
  for (const name of ["case", "batch", "golden"]) {
    const source = join(folder, `${name}.json`);
    if (!(await exists(source))) continue;
    const numbers = npzOf(await readJson(source), { source, readBlob: blobsOf(folder) });
    await replaceFile(join(target, `${name}.npz`), [numbers]);
  }
}
