/** Values by the numbers that they belong to, as many as were asked for lately: `Map` takes microseconds over large bigints. */

/**
 * A slot a hash: who comes takes the place of who was there.
 *
 * @param bits that the numbers have after the point
 */
export function recent<Value>(
  bits: number,
  slots = 2 ** 15,
): (keys: readonly bigint[], make: () => Value) => Value {
  const kept: ({ readonly keys: readonly bigint[]; readonly value: Value } | undefined)[] =
    Array(slots).fill(undefined);
  const [low, high] = [24n, BigInt(bits - 20)];
  const slotOf = (keys: readonly bigint[]): number => {
    let hash = 0;
    // Numbers that are doubles have zeros in their last places, and small ones in their first.
    for (const key of keys)
      hash = (Math.imul(hash, 31) + Number(BigInt.asUintN(32, (key >> low) ^ (key >> high)))) | 0;
    return (hash ^ (hash >>> 16)) & (slots - 1);
  };
  return (keys, make) => {
    const slot = slotOf(keys);
    const there = kept[slot];
    if (there && keys.every((key, k) => key === there.keys[k])) return there.value;
    const value = make();
    kept[slot] = { keys, value };
    return value;
  };
}
