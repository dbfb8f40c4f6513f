/** Random numbers that are a function of a seed, a stream and a count, so that they depend on no order of work. */

/** A bijection of 64 bits under which neighbours have nothing in common (Steele, Lea and Flood, OOPSLA 2014; Stafford's mix 13). */
function mix(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

const golden: u64 = 0x9e3779b97f4a7c15;

export function keyOf(seed: u64, stream: u64): u64 {
  return mix(mix(seed + golden) + (stream + 1) * golden);
}

/** The count-th number of a key's stream, uniform in (0, 1], a multiple of 2^−53. */
export function uniform(key: u64, count: u64): f64 {
  return <f64>((mix(key + count * golden) >> 11) + 1) * 1.1102230246251565e-16;
}
