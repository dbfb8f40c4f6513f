/** Eight-point Gauss–Legendre rule on [0, 1]; exact to degree 15. */

export const gaussNodes: u32 = 8;

/** Node n of 0 … 7. */
export function gaussNode(n: u32): f64 {
  return n < 4 ? 0.5 - half(3 - n) : 0.5 + half(n - 4);
}

/** Weight of node n; the eight sum to 1. */
export function gaussWeight(n: u32): f64 {
  const k = n < 4 ? 3 - n : n - 4;
  if (k == 0) return 0.181341891689181;
  if (k == 1) return 0.15685332293894363;
  if (k == 2) return 0.11119051722668724;
  return 0.05061426814518813;
}

/** Half the distance between the k-th pair of nodes, from the middle out. */
function half(k: u32): f64 {
  if (k == 0) return 0.0917173212478249;
  if (k == 1) return 0.2627662049581645;
  if (k == 2) return 0.39833323870681336;
  return 0.48014492824876814;
}
