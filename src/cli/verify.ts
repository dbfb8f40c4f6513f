/** `goldspike verify`: whether a run, a suite, a case, a checkpoint or data are whole. */
import { Command, InvalidArgumentError } from "commander";
import { type Finding, isFlaw, type State } from "../verify/finding.ts";
import { verify } from "../verify/verify.ts";
import { print, printJson } from "./lines.ts";

export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "Reads what is at a path from the first byte to the last and says of each " +
        "thing whether it is whole and fits the others. Nothing is written.  " +
        "  folder of a run   settings, checkpoints, metrics, result and report; what " +
        "                    killed processes have left, and who is at work there; or a " +
        "                    folder of runs " +
        "  suite, case       files against SHA256SUMS, and whether goldens are whole " +
        "  checkpoint        .safetensors, of a run or of a program's own network " +
        "  data              .h5, .h5.gz, .wav, or a folder of them",
    )
    .argument("<path>", "what to look at", pathText)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
Lines start with ok, DAMAGED, missing or unfinished; or, which is no damage,
with not yet, left (by a process that was ended), in use, or extra.

Examples:
  $ goldspike verify runs/fsdd
  $ goldspike verify suite
  $ goldspike verify ~/shd/shd_train.h5.gz --json

Exit codes: 0 if everything is whole, 1 if something is damaged, missing or
unfinished, 2 if the path cannot be read or is none of these.`,
    )
    .action(run);
}

function pathText(text: string): string {
  if (text === "") throw new InvalidArgumentError("Expected a path.");
  return text;
}

const words: Readonly<Record<State, string>> = {
  ok: "ok",
  damaged: "DAMAGED",
  missing: "missing",
  unfinished: "unfinished",
  not_yet: "not yet",
  left: "left",
  in_use: "in use",
  extra: "extra",
};

const width = Math.max(...Object.values(words).map((word) => word.length)) + 2;

async function run(path: string, { json }: { json?: boolean }): Promise<void> {
  const { kind, findings } = await verify(path);
  const all: Finding[] = [];
  for await (const finding of findings) {
    all.push(finding);
    if (!json) print(lineOf(finding));
  }
  const flaws = all.filter(isFlaw);
  const whole = flaws.length === 0;
  if (json) printJson({ path, kind, whole, findings: all });
  else print(`${path}: ${whole ? `whole, ${countOf(all, "ok")} checked` : flawCounts(flaws)}\n`);
  if (!whole) process.exitCode = 1;
}

/** A name or message with a line break in it stays a line. */
function lineOf({ path, state, message }: Finding): string {
  const text = message === "" ? path : `${path}: ${message}`;
  return `${words[state].padEnd(width)}${text.replaceAll(/\s*[\r\n]\s*/g, " ")}\n`;
}

function flawCounts(flaws: readonly Finding[]): string {
  const states = ["damaged", "missing", "unfinished"] as const;
  return states
    .filter((state) => countOf(flaws, state) > 0)
    .map((state) => `${countOf(flaws, state)} ${words[state]}`)
    .join(", ");
}

function countOf(findings: readonly Finding[], wanted: State): number {
  return findings.filter(({ state }) => state === wanted).length;
}
