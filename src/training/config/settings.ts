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
    const path = setting.slice(0, Math.max(at, 0)).split(".");
    if (at < 0 || path.includes("") || path.includes("__proto__"))
      throw new ConfigError(`--set: expected path.to.key=value, got ${shown(setting)}`);
    const text = setting.slice(at + 1);
    if (text.trim() === "") throw new ConfigError(`--set: expected a value after =, got ${shown(setting)}`);
    return put(whole, path, parseYaml(text, `--set ${path.join(".")}`), []);
  }, document);
}

function put(
  into: unknown,
  [key, ...rest]: readonly string[],
  value: unknown,
  above: readonly string[],
): unknown {
  if (key === undefined) return value;
  const parts = into ?? {};
  if (typeof parts !== "object")
    throw new ConfigError(
      `--set: expected ${above.join(".")} to have a ${shown(key)}, got ${shown(parts)} there`,
    );
  const below = (old: unknown) => put(old, rest, value, [...above, key]);
  if (!Array.isArray(parts)) {
    const own = Object.hasOwn(parts, key) ? (parts as Record<string, unknown>)[key] : undefined;
    return { ...parts, [key]: below(own) };
  }
  const index = /^\d+$/.test(key) ? Number(key) : Number.NaN;
  if (!(index <= parts.length))
    throw new ConfigError(
      `--set: expected ${above.join(".")} with a number from 0 to ${parts.length}, got ${shown(key)}`,
    );
  return [...parts.slice(0, index), below(parts[index]), ...parts.slice(index + 1)];
}
