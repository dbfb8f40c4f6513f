/** `goldspike conform certify`: what a correct implementation must find for a case of one's own. */
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { certifyFolder } from "../../conformance/certify/certifyFolder.ts";
import { createThreads } from "../../oracle/certify/threads.ts";
import { countBar } from "../bars.ts";
import { pairsLine, say } from "../lines.ts";
import { positiveInteger } from "../options.ts";

interface CertifyCommandOptions {
  readonly catches?: string;
  readonly at?: readonly number[];
  readonly jobs: number;
}

export function conformCertifyCommand(): Command {
  return new Command("certify")
    .description(
      "Solves the case, or the batch, in a folder in fixed point of 50 decimal digits and " +
        "writes golden.json beside it: spikes, loss, gradients, what rounding may do to " +
        "each of them, and states and adjoints at some times. Spike times are confirmed " +
        "with 70 digits, gradients by central differences.",
    )
    .argument("<dir>", "folder with case.json, and batch.json for a batch")
    .option("--catches <text>", "the bug that the case is there to catch; if absent, as golden.json has it")
    .option("--at <ms>", "times of states and adjoints, with commas between them; not of a batch", times)
    .option("--jobs <n>", "threads; values do not depend on it", positiveInteger, availableParallelism())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform certify mine/core/two-bursts --catches "the second burst lost"
  $ goldspike conform certify mine/core/two-bursts --at 1,2.5,40
  $ goldspike conform run --suite mine -- ./my_backend

The folder of the folder is the group, if it has a group's name. A network of ten neurons takes a
second, 128 neurons with 8000 spikes some minutes on two cores.`,
    )
    .action(certify);
}

function times(text: string): number[] {
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (!values.every((value) => Number.isFinite(value) && value >= 0))
    throw new InvalidArgumentError("Expected numbers ≥ 0 with commas between them.");
  return [...new Set(values)].sort((a, b) => a - b);
}

async function certify(folder: string, { catches, at, jobs }: CertifyCommandOptions): Promise<void> {
  const progress = progressOf(folder);
  const threads = createThreads(jobs, progress.show);
  try {
    const golden = await certifyFolder(folder, { catches, at, workers: threads });
    progress.stop();
    console.log(pairsLine({ golden }));
  } finally {
    progress.stop();
    await threads.close();
  }
}

/** A bar on a terminal; elsewhere a line now and then, none for what is done at once. */
function progressOf(folder: string) {
  let bar: ReturnType<typeof countBar> | undefined;
  let last = performance.now();
  return {
    show(done: number, all: number) {
      // How many steps there are is known after the first one.
      if (all === 1) return;
      bar ??= countBar("certify", all, process.stderr);
      bar.show(done);
      if (process.stderr.isTTY || performance.now() - last < 10_000) return;
      last = performance.now();
      say(`${folder}: ${done} of ${all} steps`);
    },
    stop: () => bar?.stop(),
  };
}
