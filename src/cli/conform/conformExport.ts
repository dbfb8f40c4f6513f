/** `goldspike conform export`: the suite as files of one's own, with numbers as numpy reads them. */
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { type Zippable, zipSync } from "fflate";
import { cannotWrite, exists, makeFolder, makeFolders, replaceFile } from "../../base/files.ts";
import { prepare } from "../../conformance/run/prepare.ts";
import { questionsOf, relatedName } from "../../conformance/run/questions.ts";
import { checksumsName } from "../../conformance/suite/checksums.ts";
import { readGolden } from "../../conformance/suite/golden.ts";
import { listSuite, type SuiteEntry } from "../../conformance/suite/suite.ts";
import type { ArraySource } from "../../format/arrays.ts";
import { blobsOf } from "../../format/loadCase.ts";
import { readJson } from "../../format/readJson.ts";
import { readTensor, type Tensor } from "../../format/tensor.ts";
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
      const numbers = npzOf(await readJson(source), { source, readBlob: blobsOf(place) });
      await replaceFile(join(place, `${name}.npz`), [numbers]);
    }
}

async function writeRelated(entry: SuiteEntry, target: string): Promise<void> {
  const [, related] = questionsOf(await prepare(entry));
  const place = join(target, relatedName);
  await makeFolder(place);
  for (const [name, content] of related!) await replaceFile(join(place, name), [content]);
}

/**
 * Every number and array of numbers of a JSON tree, raw files resolved, as float64 under its path: `duration`,
 * `projections[0].weight`, `spikes.hidden.times`. Text is left out.
 */
function npzOf(json: unknown, from: ArraySource): Uint8Array {
  const files: Zippable = {};
  for (const [path, tensor] of numbersOf(json, "", from))
    files[`${path}.npy`] = [npyOf(tensor), { mtime: epoch }];
  return zipSync(files);
}

/** ZIP knows no earlier time; the same numbers make the same bytes. */
const epoch = new Date(1980, 0, 1);

function* numbersOf(node: unknown, path: string, from: ArraySource): Generator<[string, Tensor]> {
  if (typeof node === "number") yield [path, { shape: [], values: Float64Array.of(node) }];
  if (typeof node !== "object" || node === null) return;
  if ("file" in node || (Array.isArray(node) && isNumeric(node))) {
    yield [path, readTensor(node, path, from)];
    return;
  }
  for (const [key, entry] of Object.entries(node)) {
    const place = Array.isArray(node) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    yield* numbersOf(entry, place, from);
  }
}

/** A vector or a matrix; lists of lists of different lengths, as targets are, have one entry for each list. */
function isNumeric(node: readonly unknown[]): boolean {
  if (node.every((entry) => typeof entry === "number")) return true;
  const [first] = node;
  const length = Array.isArray(first) ? first.length : -1;
  return node.every((row) => Array.isArray(row) && row.length === length && length > 0 && isNumeric(row));
}

function npyOf({ shape, values }: Tensor): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take ten bytes; what follows the header starts at a multiple of 64.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + 8 * values.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, length - 10, true);
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - 11)}\n`), 10);
  for (const [k, value] of values.entries()) view.setFloat64(length + 8 * k, value, true);
  return bytes;
}
