// A configuration with some settings replaced: objects key by key, unless their `kind`s differ; everything else whole.
export function merged(base, changes) {
  if (!isObject(base) || !isObject(changes) || (changes.kind !== undefined && changes.kind !== base.kind))
    return changes;
  const result = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete result[key];
    else result[key] = merged(base[key], value);
  }
  return result;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
