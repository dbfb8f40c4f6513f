/**
 * A spherical bushy cell, on which all fibres of a place converge: leaky integration of exponential currents on the grid
 * of samples, threshold 1, reset to 0, absolute refractory time.
 */
import { exp } from "../maths/exp";

/** s */
const tauMem: f64 = 1e-3;
const tauSyn: f64 = 0.5e-3;
const refractoryTime: f64 = 1e-3;
/** Of all fibres together, 1/s. */
const totalWeight: f64 = 13000;

/**
 * Writes the samples at which the cell spikes, 4 bytes each, and returns how many there are. `counts` holds a byte per
 * sample, the number of fibres that fire in it; `rate` in Hz.
 */
export function bushyCell(counts: usize, samples: u32, fibres: i32, rate: f64, spikes: usize): u32 {
  const dt = 1.0 / rate;
  const keepVoltage = exp(-dt / tauMem);
  const keepCurrent = exp(-dt / tauSyn);
  const weight = (totalWeight / <f64>fibres) * dt;
  const held = <i32>(refractoryTime * rate);
  let voltage: f64 = 0;
  let current: f64 = 0;
  let refractory: i32 = 0;
  let count: u32 = 0;
  for (let j: u32 = 0; j < samples; j++) {
    let v: f64 = 0;
    if (j > 0) {
      if (refractory <= 0) {
        if (voltage < 1.0) {
          v = voltage * keepVoltage;
        } else {
          store<u32>(spikes + ((<usize>count) << 2), j - 1);
          count++;
          refractory = held;
        }
      }
      current *= keepCurrent;
    }
    current += <f64>load<u8>(counts + j);
    if (refractory <= 0) v += current * weight;
    voltage = min(v, 1.0);
    refractory--;
  }
  return count;
}
