/** Factors by which gradients of one and the same loss are known to differ between implementations. */
import type { Case } from "../model/case.ts";
import { lossPopulation } from "../model/losses.ts";
import type { Factor } from "./hints.ts";

/** Most telling first. */
export function factorsOf({ network, duration, loss }: Case): Factor[] {
  const readout = lossPopulation(network, loss);
  const own = readout ? constants(readout.tauMem[0]!, readout.tauSyn[0]!, duration) : [];
  const classes = readout?.size ?? 1;
  return [
    { value: -1, meaning: "-1" },
    ...own,
    { value: 1000, meaning: "1000 (units: milliseconds taken for seconds)" },
    { value: 1e-3, meaning: "1/1000 (units: seconds for milliseconds)" },
    { value: duration, meaning: "T" },
    { value: 1 / duration, meaning: "1/T" },
    { value: classes, meaning: "the number of classes" },
    { value: 1 / classes, meaning: "1/(the number of classes)" },
  ].flatMap(withSign);
}

function constants(tauMem: number, tauSyn: number, duration: number): Factor[] {
  return [
    { value: 1 / tauMem, meaning: "1/tau_mem" },
    { value: tauMem, meaning: "tau_mem" },
    { value: 1 / tauSyn, meaning: "1/tau_syn" },
    { value: tauSyn, meaning: "tau_syn" },
    { value: 1 / (tauMem * duration), meaning: "1/(tau_mem T)" },
    { value: tauMem / tauSyn, meaning: "tau_mem/tau_syn" },
    { value: tauSyn / tauMem, meaning: "tau_syn/tau_mem" },
  ];
}

function withSign({ value, meaning }: Factor): Factor[] {
  return value === -1
    ? [{ value, meaning }]
    : [
        { value, meaning },
        { value: -value, meaning: `-${meaning}` },
      ];
}
