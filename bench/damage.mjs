// Ways in which files are damaged: on disks, on the way, and by who writes sizes.

/** Uniform numbers in [0, 1) from a seed: mulberry32. */
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (draw, end) => Math.floor(draw() * end);

/** One to eight bits. */
function flipped(bytes, draw) {
  for (let n = 1 + below(draw, 8); n > 0; n--) bytes[below(draw, bytes.length)] ^= 1 << below(draw, 8);
  return bytes;
}

const blockSize = (bytes, draw) => Math.max(1, Math.min(2 ** below(draw, 13), bytes.length >> 1));

function zeroed(bytes, draw) {
  const size = blockSize(bytes, draw);
  const at = size * below(draw, Math.floor(bytes.length / size));
  return bytes.fill(0, at, at + size);
}

function cut(bytes, draw) {
  return bytes.subarray(0, below(draw, bytes.length));
}

function swapped(bytes, draw) {
  const size = blockSize(bytes, draw);
  const [a, b] = [0, 0].map(() => size * below(draw, Math.floor(bytes.length / size)));
  const first = Buffer.from(bytes.subarray(a, a + size));
  bytes.copyWithin(a, b, b + size);
  first.copy(bytes, b);
  return bytes;
}

/** Sizes that somebody takes for memory, a length or an index. */
const extremes = [
  0n,
  1n,
  0x7fn,
  0x7fffn,
  0x7fffffffn,
  0x80000000n,
  2n ** 40n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

function extreme(bytes, draw) {
  const width = Math.min(2 ** below(draw, 4), bytes.length);
  const field = Buffer.alloc(8);
  field.writeBigUInt64LE(extremes[below(draw, extremes.length)]);
  field.copy(bytes, width * below(draw, Math.floor(bytes.length / width)), 0, width);
  return bytes;
}

const numbers = [
  "0",
  "-1",
  "1e308",
  "1e400",
  "99999999999999999999",
  "4294967296",
  "NaN",
  "0x10",
  "1e-320",
  '"',
];

/** A number of a text, if there is one, for another. */
function renumbered(bytes, draw) {
  const text = bytes.toString("latin1");
  const found = [...text.matchAll(/\d+(?:\.\d+)?/g)];
  if (found.length === 0) return flipped(bytes, draw);
  const { index, 0: digits } = found[below(draw, found.length)];
  const other = numbers[below(draw, numbers.length)];
  return Buffer.from(text.slice(0, index) + other + text.slice(index + digits.length), "latin1");
}

/** A copy with one damage, of any way; `isText` adds those of numbers that people write. */
export function damaged(bytes, draw, isText) {
  const ways = [flipped, zeroed, cut, swapped, extreme, extreme, ...(isText ? [renumbered, renumbered] : [])];
  return ways[below(draw, ways.length)](Buffer.from(bytes), draw);
}
