/** Settings of a command line: `path.to.key=value`, put into a configuration before it is checked. */
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { parseYaml } from "./parseYaml.ts";

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
 * @throws ConfigError a path through something that has no keys
 */
export function withSetting(document: unknown, path: string, value: unknown, source: string): unknown {
  return put(document, path.split("."), value, { above: [], source });
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
