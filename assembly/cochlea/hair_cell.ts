/**
 * The inner hair cell: transmitter in a free pool q, the cleft c and a reprocessing store w (Meddis, J. Acoust. Soc. Am.
 * 79:702, 1986; constants of 83:1056, 1988), stepped with the samples. The permeability, (g/F)(V + A)/(V + A + B) where
 * positive, releases transmitter; the cleft's content tells the probability that a fibre fires in a sample.
 */

const a: f64 = 5;
const b: f64 = 300;
const g: f64 = 2000;
/** Replenishment, loss, reuptake and reprocessing, 1/s. */
const y: f64 = 5.05;
const l: f64 = 2500;
const r: f64 = 6580;
const x: f64 = 66.3;
/** Release probability per second and transmitter in the cleft. */
const h: f64 = 50000;

function released(velocity: v128, q: v128, permeable: v128): v128 {
  const drive = f64x2.add(velocity, f64x2.splat(a));
  const gate = f64x2.div(drive, f64x2.add(drive, f64x2.splat(b)));
  return f64x2.mul(v128.and(f64x2.mul(permeable, gate), f64x2.gt(drive, f64x2.splat(0))), q);
}

function nextFree(q: v128, eject: v128, reprocessed: v128, full: v128): v128 {
  const missing = f64x2.sub(f64x2.splat(1), q);
  const replenish = v128.and(f64x2.mul(full, missing), f64x2.gt(missing, f64x2.splat(0)));
  return notNegative(f64x2.add(f64x2.sub(f64x2.add(q, replenish), eject), reprocessed));
}

function changed(store: v128, gained: v128, lost: v128): v128 {
  return notNegative(f64x2.sub(f64x2.add(store, gained), lost));
}

function notNegative(store: v128): v128 {
  return f64x2.pmax(f64x2.splat(0), store);
}

/** In place of velocities, probabilities per sample: four places a sample, 32 bytes; `rate` in Hz. */
export function hairCells(data: usize, samples: u32, rate: f64): void {
  const k0 = (g * a) / (a + b);
  const resting = (y * k0) / (l * k0 + y * (l + r));
  // Two vectors of two places side by side: one alone would wait for itself.
  let c0 = f64x2.splat(resting);
  let q0 = f64x2.splat((resting * (l + r)) / k0);
  let w0 = f64x2.splat((resting * r) / x);
  let c1 = c0;
  let q1 = q0;
  let w1 = w0;
  const permeable = f64x2.splat(g / rate);
  const full = f64x2.splat(y / rate);
  const lost = f64x2.splat((l + r) / rate);
  const taken = f64x2.splat(r / rate);
  const back = f64x2.splat(x / rate);
  const firing = f64x2.splat(h / rate);
  const end = data + ((<usize>samples) << 5);
  for (; data < end; data += 32) {
    const eject0 = released(v128.load(data), q0, permeable);
    const eject1 = released(v128.load(data, 16), q1, permeable);
    const reprocessed0 = f64x2.mul(back, w0);
    const reprocessed1 = f64x2.mul(back, w1);
    q0 = nextFree(q0, eject0, reprocessed0, full);
    q1 = nextFree(q1, eject1, reprocessed1, full);
    w0 = changed(w0, f64x2.mul(taken, c0), reprocessed0);
    w1 = changed(w1, f64x2.mul(taken, c1), reprocessed1);
    c0 = changed(c0, eject0, f64x2.mul(lost, c0));
    c1 = changed(c1, eject1, f64x2.mul(lost, c1));
    v128.store(data, f64x2.mul(firing, c0));
    v128.store(data, f64x2.mul(firing, c1), 16);
  }
}
