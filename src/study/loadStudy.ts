/** A study from its YAML file, its base configuration written out. */
import { dirname, resolve } from "node:path";
import { parseWith } from "../base/parseWith.ts";
import { readText } from "../base/text.ts";
import { datasetSchema } from "../data/settings.ts";
import { trainingSpeakers } from "../run/experiment.ts";
import { located, readRunDocument } from "../training/config/load.ts";
import { parseYaml } from "../training/config/parseYaml.ts";
import { withSetting } from "../training/config/settings.ts";
import { pointsOf } from "./points.ts";
import { type Study, studySchema } from "./schema.ts";

/** Most a study may have; that of a run with thousands of points under it. */
const mostBytes = 4 * 2 ** 20;

/**
 * @param data folder of the data set's files, if not the base's
 * @throws ConfigError one line for a file that cannot be read or is no study, or a base that cannot be read; and where folds
 *   are to be speakers', as `pointsOf` and `trainingSpeakers`
 */
export async function loadStudy(path: string, data?: string): Promise<Study> {
  const { base, set, folds, ...others } = parseWith(
    studySchema,
    parseYaml(readText(path, mostBytes), path),
    path,
  );
  const file = typeof base === "string" ? resolve(dirname(path), base) : path;
  const document = typeof base === "string" ? readRunDocument(file) : base;
  const whole = Object.entries(set).reduce<unknown>(
    (before, [key, value]) => withSetting(before, key, value, `${path}: set`),
    document,
  ) as { readonly dataset?: unknown };
  const dataset = parseWith(datasetSchema, whole?.dataset, `${file}: dataset`);
  const study = { ...others, base: { ...whole, dataset: located(dataset, file, data) } };
  if (folds !== "speakers") return { ...study, folds };
  const [first] = await pointsOf(study, path);
  return { ...study, folds: { speakers: await trainingSpeakers(first!.config, `${path}: folds`) } };
}
