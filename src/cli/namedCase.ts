/** The case that a user names: by its file, its folder, or GROUP/NAME of the suite that comes with the package. */
import { join } from "node:path";
import { exists } from "../base/files.ts";
import { loadCase } from "../format/loadCase.ts";
import type { Case } from "../model/case.ts";

/** Of an argument that {@link loadNamedCase} reads. */
export const caseArgument = "case file, folder with case.json, or GROUP/NAME of conform list";

/** @throws ConfigError there is no such case, or its files are damaged */
export async function loadNamedCase(path: string): Promise<Case> {
  return loadCase(await namedPath(path));
}

/** The path itself, or that of the folder of the suite which it names. */
export async function namedPath(path: string): Promise<string> {
  // What lies at the path itself comes first.
  return (await exists(path)) ? path : await bundledFolder(path);
}

async function bundledFolder(path: string): Promise<string> {
  const { bundledSuite } = await import("../conformance/suite/suite.ts");
  const folder = join(bundledSuite, path);
  return /^[a-z]+\/\w[\w.-]*$/.test(path) && (await exists(folder)) ? folder : path;
}
