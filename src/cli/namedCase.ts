/** The case that a user names: by its file, its folder, or GROUP/NAME of the suite that comes with the package. */
import { join } from "node:path";
import { exists } from "../base/files.ts";
import { groups } from "../conformance/suite/golden.ts";
import { bundledSuite } from "../conformance/suite/suite.ts";
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
  return (await bundledFolder(path)) ?? path;
}

/** What lies at the path itself comes first. */
async function bundledFolder(path: string): Promise<string | undefined> {
  const [group, name, ...more] = path.split("/");
  const isNamed = groups.some((one) => one === group) && /^[\w.-]*\w$/.test(name ?? "") && more.length === 0;
  if (!isNamed || (await exists(path))) return undefined;
  const folder = join(bundledSuite, group!, name!);
  return (await exists(folder)) ? folder : undefined;
}
