/** The cases of a suite: folders GROUP/NAME with case.json and golden.json, and what each is there to catch. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead, exists } from "../../base/files.ts";
import { parseWith } from "../../base/parseWith.ts";
import { readJson } from "../../format/readJson.ts";
import { type Group, groups } from "./golden.ts";

/** A case of a suite. */
export interface SuiteEntry {
  /** Folder of the suite that it is in. */
  readonly group: Group;
  /** Its own folder's name. */
  readonly name: string;
  /** Holds case.json, golden.json and their raw files. */
  readonly folder: string;
}

/** As users name a case: GROUP/NAME. */
export function pathOfCase({ group, name }: { readonly group: string; readonly name: string }): string {
  return `${group}/${name}`;
}

/** The one that comes with the package. */
export const bundledSuite = fileURLToPath(new URL("../../../suite", import.meta.url));

/** In the order of groups, then names. @throws ConfigError the folder is not there or has no group */
export async function listSuite(folder: string): Promise<SuiteEntry[]> {
  const entries: SuiteEntry[] = [];
  await foldersIn(folder);
  for (const group of groups) {
    const place = join(folder, group);
    if (!(await exists(place))) continue;
    for (const name of await foldersIn(place)) entries.push({ group, name, folder: join(place, name) });
  }
  if (entries.length > 0) return entries;
  throw new ConfigError(`${folder}: expected folders ${groups.join(", ")} of cases, found none`);
}

/** Names of the folders in a folder, links left out. @throws ConfigError it cannot be read */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw cannotRead(folder, error);
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

const schema = z.looseObject({ catches: z.string() });

/** Undefined where there is no such file. @throws ConfigError the file says nothing about it */
export async function catchesOf({ group, folder }: SuiteEntry): Promise<string | undefined> {
  const path = join(folder, group === "metamorphic" ? "relation.json" : "golden.json");
  if (!(await exists(path))) return undefined;
  return parseWith(schema, await readJson(path), path).catches;
}
