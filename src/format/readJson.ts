/** JSON files. */
import { readFile } from "node:fs/promises";
import { cannotRead } from "../base/files.ts";
import { parseJson } from "./parseJson.ts";

/** @throws ConfigError one line: the file cannot be read, or is not JSON */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  return parseJson(text, path);
}
