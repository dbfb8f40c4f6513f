/** Settings of a command line: `path.to.key=value`, put into a configuration before it is checked. */
import type { z } from "zod";
import { ConfigError } from "../../base/errors.ts";
import { complaint, shown } from "../../base/parseWith.ts";
import { parseYaml } from "./parseYaml.ts";
import { runConfigSchema } from "./run.ts";

/**
 * The configuration with these settings in it; what is on the way and not there yet is made.
 *
 * @param document as YAML has it, not checked yet
 * @param settings `path.to.key=value`, the value in YAML; the number of an entry stands for it in a path, as in
 *   `network.hidden.0.size`
 * @throws ConfigError a setting without a path or a value, or a path through something that has no keys
 */
export function withSettings(document: unknown, settings: readonly string[]): unknown {
  return settings.reduce((whole, setting) => {
    const at = setting.indexOf("=");
    const path = setting.slice(0, Math.max(at, 0));
    if (at < 0 || !isSettingPath(path))
      throw new ConfigError(`--set: expected path.to.key=value, got ${shown(setting)}`);
    const text = setting.slice(at + 1);
    if (text.trim() === "") throw new ConfigError(`--set: expected a value after =, got ${shown(setting)}`);
    return withSetting(whole, path, parseYaml(text, `--set ${path}`), "--set");
  }, document);
}

/** Whether it may be the path of a setting: names and numbers with a dot between two. */
function isSettingPath(path: string): boolean {
  const keys = path.split(".");
  return !keys.includes("") && !keys.includes("__proto__");
}

/**
 * The configuration with one setting in it; `null` takes away what is there.
 *
 * @param path `network.hidden.0.size`
 * @param source starts messages
 * @throws ConfigError a path through something that has no keys, or something to be taken away that no configuration has
 */
export function withSetting(document: unknown, path: string, value: unknown, source: string): unknown {
  const keys = path.split(".");
  if (value === null) requireKnown(document, keys, source);
  return put(document, keys, value, { above: [], source });
}

/** What is set is known to be right or wrong when the whole is checked; what is taken away is not there then. */
function requireKnown(document: unknown, keys: readonly string[], source: string): void {
  const probed = runConfigSchema.safeParse(put(document, keys, true, { above: [], source }));
  if (probed.success || !isUnknown(probed.error.issues, keys)) return;
  const place = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  throw complaint(source, place, "expected a setting that a configuration may have", null);
}

function isUnknown(issues: readonly z.core.$ZodIssue[], keys: readonly string[]): boolean {
  return issues.some((issue) => {
    if (issue.path.some((key, k) => String(key) !== keys[k])) return false;
    const below = keys.slice(issue.path.length);
    if (issue.code === "unrecognized_keys") return below.length === 1 && issue.keys.includes(below[0]!);
    if (issue.code !== "invalid_union") return false;
    const objects = issue.errors.filter((branch) => !branch.every(isOfAnotherType));
    return objects.length > 0 && objects.every((branch) => isUnknown(branch, below));
  });
}

function isOfAnotherType({ code, path }: z.core.$ZodIssue): boolean {
  return code === "invalid_type" && path.length === 0;
}

interface Place {
  readonly above: readonly string[];
  readonly source: string;
}

function put(into: unknown, [key, ...rest]: readonly string[], value: unknown, place: Place): unknown {
  if (key === undefined) return value;
  const parts = into ?? {};
  const { above, source } = place;
  if (typeof parts !== "object")
    throw new ConfigError(
      `${source}: expected ${above.join(".")} to have a ${shown(key)}, got ${shown(parts)} there`,
    );
  const below = (old: unknown) => put(old, rest, value, { above: [...above, key], source });
  const isLast = rest.length === 0;
  if (!Array.isArray(parts)) {
    const { [key]: old, ...others } = parts as Record<string, unknown>;
    if (isLast && value === null) return others;
    return { ...parts, [key]: below(Object.hasOwn(parts, key) ? old : undefined) };
  }
  const index = /^\d+$/.test(key) ? Number(key) : Number.NaN;
  if (!(index <= parts.length))
    throw new ConfigError(
      `${source}: expected ${above.join(".")} with a number from 0 to ${parts.length}, got ${shown(key)}`,
    );
  const after = parts.slice(index + 1);
  if (isLast && value === null) return [...parts.slice(0, index), ...after];
  return [...parts.slice(0, index), below(parts[index]), ...after];
}
