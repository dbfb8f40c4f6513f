/** The points of a study: every combination of values with every seed and every fold, each with its configuration. */
import { createHash } from "node:crypto";
import { ConfigError } from "../base/errors.ts";
import { complaint, parseWith } from "../base/parseWith.ts";
import { elementary } from "../engine/kernel/elementary.ts";
import { type Fold, knownFolds } from "../run/experiment.ts";
import { checkRunConfig } from "../training/config/check.ts";
import { type RunConfig, runConfigSchema } from "../training/config/run.ts";
import { withSetting } from "../training/config/settings.ts";
import type { Combination } from "./axes.ts";
import { combinationsOf, combinationText } from "./combinations.ts";
import { meets } from "./conditions.ts";
import type { Study } from "./schema.ts";

/** One run of a study. */
export interface Point {
  /** Of its settings; the name of its folder. */
  readonly hash: string;
  /** The place of its combination among the study's. */
  readonly combination: number;
  readonly settings: Combination;
  readonly seed: number;
  /** Undefined without folds. */
  readonly fold: string | undefined;
  readonly config: RunConfig;
}

/** More would not fit in memory with their configurations, of which each takes 3 KB. */
const mostPoints = 500_000;

/**
 * In the order of the study: combinations, then seeds, then folds.
 *
 * @param source starts messages
 * @throws ConfigError one line for a setting that no configuration has, values that do not fit each other, or two points of
 *   the same settings
 */
export async function pointsOf(study: Study, source: string): Promise<Point[]> {
  const points: Point[] = [];
  const known = new Map<string, Point>();
  const combinations = combinationsOf(study, await elementary(), source);
  const requireFew = (count: number) => {
    if (count > mostPoints)
      throw complaint(source, [], `expected at most ${mostPoints} combinations, seeds and folds`, count);
  };
  requireFew(combinations.length * (study.seeds?.length ?? 1));
  for (const [k, settings] of combinations.entries()) {
    requireFew(points.length);
    const config = configOf(study, settings, placeOf(source, settings));
    for (const { seed, fold, runConfig } of runsOf(study, config, placeOf(source, settings))) {
      const point = { hash: hashOf(runConfig), combination: k, settings, seed, fold, config: runConfig };
      const twin = known.get(point.hash);
      if (twin !== undefined) throw sameSettings(twin, point, source);
      known.set(point.hash, point);
      points.push(point);
    }
  }
  return points;
}

function placeOf(source: string, settings: Combination): string {
  const text = combinationText(settings);
  return text === "" ? source : `${source}, ${text}`;
}

function configOf(study: Study, settings: Combination, source: string): RunConfig {
  let document: unknown = study.base;
  const put = (changes: Readonly<Record<string, unknown>>) => {
    for (const [path, value] of Object.entries(changes))
      document = withSetting(document, path, value, source);
  };
  for (const [name, value] of Object.entries(settings)) {
    const axis = study.axes[name]!;
    put("variants" in axis ? axis.variants[value as string]! : { [name]: value });
  }
  for (const { when, set } of study.adjust) if (meets(settings, when)) put(set);
  const config = parseWith(runConfigSchema, document, source);
  checkRunConfig(config, source);
  if (study.folds === undefined) requireHeldOut(study, config, source);
  return config;
}

/** By the accuracies of what is held out points are compared. */
function requireHeldOut({ halving }: Study, { dataset, split }: RunConfig, source: string): void {
  if (split.kind !== "official" || (dataset.kind === "shd" && dataset.validation !== undefined)) return;
  if (!halving && (dataset.kind !== "shd" || dataset.test !== undefined)) return;
  const expected = halving
    ? "expected one with a validation part, by which halving decides"
    : "expected one with a validation or a test part, by which points are compared";
  throw complaint(source, ["split", "kind"], expected, split.kind);
}

interface Run {
  readonly seed: number;
  readonly fold: string | undefined;
  readonly runConfig: RunConfig;
}

/** Folds are the same recordings for every seed. */
function runsOf({ seeds, folds }: Study, config: RunConfig, source: string): Run[] {
  const divided: Partial<Fold>[] = folds === undefined ? [{}] : knownFolds(config, folds, source);
  return (seeds ?? [config.seed]).flatMap((seed) =>
    divided.map(({ name, config: its = config }) => ({ seed, fold: name, runConfig: { ...its, seed } })),
  );
}

/** Settings that change no result: where the data are, and how many compute. */
function hashOf(config: RunConfig): string {
  const { threads: _, dataset, ...others } = config;
  const { folder: __, ...place } = dataset as { folder?: string };
  const text = JSON.stringify({ ...others, dataset: place });
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function sameSettings(one: Point, other: Point, source: string): ConfigError {
  return new ConfigError(
    `${source}: expected points of different settings, got ${pointText(one)} and ${pointText(other)} with the same`,
  );
}

/** The same by combination, in the study's order. */
export function byCombination<Item>(items: readonly Item[], pointOf: (item: Item) => Point): Item[][] {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const { combination } = pointOf(item);
    const others = groups.get(combination);
    if (others) others.push(item);
    else groups.set(combination, [item]);
  }
  return [...groups.values()];
}

/** `network.hidden.0.size=64 seed=1 fold=speaker-3` */
export function pointText({ settings, seed, fold }: Pick<Point, "settings" | "seed" | "fold">): string {
  const text = combinationText(settings);
  return `${text === "" ? "" : `${text} `}seed=${seed}${fold === undefined ? "" : ` fold=${fold}`}`;
}
