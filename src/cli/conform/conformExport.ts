/** `goldspike conform export`: the suite as files of one's own, with numbers as numpy reads them. */
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { cannotWrite, exists, makeFolder, makeFolders, replaceFile } from "../../base/files.ts";
import { prepare } from "../../conformance/run/prepare.ts";
import { questionsOf, relatedName } from "../../conformance/run/questions.ts";
import { checksumsName } from "../../conformance/suite/checksums.ts";
import { readGolden } from "../../conformance/suite/golden.ts";
import { listSuite, type SuiteEntry } from "../../conformance/suite/suite.ts";
import { blobsOf } from "../../format/loadCase.ts";
import { npzOf, numbersOf } from "../../format/npz.ts";
import { readJson } from "../../format/readJson.ts";
import { pairsLine } from "../lines.ts";
import { suiteOption } from "./conformOptions.ts";

export function conformExportCommand(): Command {
  return new Command("export")
    .description(
      "Copies the cases and what is known about them, and writes case.npz and " +
        "golden.npz beside the JSON: every number under its path, for numpy.load. Of a " +
        "relation, the second case is in the folder related beside the first.",
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
  const sums = join(suite, checksumsName);
  if (await exists(sums)) await replaceFile(join(target, checksumsName), [await readFile(sums)]);
  console.log(pairsLine({ cases: entries.length, folder: target }));
}

async function copy(entry: SuiteEntry, target: string): Promise<void> {
  const { folder, group } = entry;
  try {
    await makeFolders(target);
    for (const name of await readdir(folder)) await cp(join(folder, name), join(target, name));
  } catch (error) {
    throw cannotWrite(target, error);
  }
  // What must be refused need not even be JSON.
  const plain = group !== "metamorphic" && group !== "batch" && (await exists(join(folder, "golden.json")));
  if (plain && (await readGolden(folder)).refuse !== undefined) return;
  if (group === "metamorphic") await writeRelated(entry, target);
  for (const place of [target, join(target, relatedName)])
    for (const name of ["case", "batch", "golden"]) {
      const source = join(place, `${name}.json`);
      if (!(await exists(source))) continue;
      const numbers = numbersOf(await readJson(source), { source, readBlob: blobsOf(place) });
      await replaceFile(join(place, `${name}.npz`), [npzOf(numbers)]);
    }
}

async function writeRelated(entry: SuiteEntry, target: string): Promise<void> {
  const [, related] = questionsOf(await prepare(entry));
  const place = join(target, relatedName);
  await makeFolder(place);
  for (const [name, content] of related!) await replaceFile(join(place, name), [content]);
}
