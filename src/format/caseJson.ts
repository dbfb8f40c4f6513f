/** A case as its file has it, all arrays inline. */
import type { Case } from "../model/case.ts";
import { lossJson } from "./lossRules.ts";
import { networkParts } from "./networkJson.ts";

/** For `JSON.stringify`. */
export function caseJson({ network, input, duration, loss }: Case, name: string) {
  return {
    format: "goldspike/case@1",
    name,
    time_unit: "ms",
    duration,
    input: {
      channels: network.inputChannels,
      times: Array.from(input.times),
      sources: Array.from(input.sources),
    },
    ...networkParts(network, (values) => Array.from(values)),
    loss: lossJson(loss),
  };
}
