/** The names of classes in /extra/keys: they tell the classes apart, and the files of a data set agree on them. */
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";

/** @throws ConfigError two classes have one name */
export function requireDistinct(names: readonly string[], source: string): void {
  const again = names.findIndex((name, k) => names.indexOf(name) < k);
  if (again < 0) return;
  const name = names[again]!;
  const both = `${names.indexOf(name)} and ${again}`;
  throw new ConfigError(
    `${source}: /extra/keys: expected a name for each class, got ${shown(name)} for classes ${both}`,
  );
}

/** @throws ConfigError a file's classes are not those of the file `from` */
export function requireSame(
  own: readonly string[],
  source: string,
  classes: readonly string[],
  from: string,
): void {
  const expected = `${source}: /extra/keys: expected the`;
  if (own.length !== classes.length)
    throw new ConfigError(`${expected} ${classes.length} classes of ${from}, got ${own.length}`);
  const other = own.findIndex((name, k) => name !== classes[k]);
  if (other < 0) return;
  const names = `${shown(classes[other])} as class ${other}, got ${shown(own[other])}`;
  throw new ConfigError(`${expected} classes of ${from} with ${names}`);
}
