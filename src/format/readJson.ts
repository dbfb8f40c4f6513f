/** JSON files. */
import { readText } from "../base/text.ts";
import { parseJson } from "./parseJson.ts";

/** @throws ConfigError one line: the file cannot be read, or is not JSON */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(readText(path), path);
}
