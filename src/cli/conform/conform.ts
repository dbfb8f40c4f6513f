/** `goldspike conform`: whether another implementation computes what it should. */
import { Command } from "commander";
import { addCommands, type Commands } from "../addCommands.ts";

const commands: Commands = {
  init: {
    summary: "write a backend to start from",
    load: async () => (await import("./conformInit.ts")).conformInitCommand(),
  },
  list: {
    summary: "the cases, what each one catches, and what it asks for",
    load: async () => (await import("./conformList.ts")).conformListCommand(),
  },
  run: {
    summary: "judge a backend",
    load: async () => (await import("./conformRun.ts")).conformRunCommand(),
  },
  judge: {
    summary: "judge results that are there already",
    load: async () => (await import("./conformJudge.ts")).conformJudgeCommand(),
  },
  history: {
    summary: "what has changed between runs that were kept",
    load: async () => (await import("./conformHistory.ts")).conformHistoryCommand(),
  },
  compare: {
    summary: "one result against another",
    load: async () => (await import("./conformCompare.ts")).conformCompareCommand(),
  },
  errors: {
    summary: "the step's error and the code's",
    load: async () => (await import("./conformErrors.ts")).conformErrorsCommand(),
  },
  explain: {
    summary: "where a result goes wrong",
    load: async () => (await import("./conformExplain.ts")).conformExplainCommand(),
  },
  predict: {
    summary: "what a time step will do",
    load: async () => (await import("./conformPredict.ts")).conformPredictCommand(),
  },
  export: {
    summary: "copy the suite, with .npz files",
    load: async () => (await import("./conformExport.ts")).conformExportCommand(),
  },
  certify: {
    summary: "compute golden.json for a case of your own",
    load: async () => (await import("./conformCertify.ts")).conformCertifyCommand(),
  },
  backend: {
    summary: "goldspike itself as a backend",
    load: async () => (await import("./conformBackend.ts")).conformBackendCommand(),
  },
};

/** @param wanted the command of its own that is asked for */
export function conformCommand(wanted: string | undefined): Promise<Command> {
  const program = new Command("conform")
    .description("Checks an implementation of spiking networks and their gradients against certified values.")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform init python mine
  $ goldspike conform list --group adversarial
  $ goldspike conform run -- goldspike conform backend engine
  $ goldspike conform run --group smoke --class T3 --keep out -- python3 my_backend.py
  $ goldspike conform history runs/monday runs/tuesday
  $ goldspike conform explain suite/smoke/recurrence out/smoke/recurrence/result
  $ goldspike conform errors suite/smoke/recurrence out/smoke/recurrence/result --dt 0.1
  $ goldspike conform predict suite/smoke/recurrence --target 0.01
  $ goldspike conform certify mine/core/two-bursts --at 1,2.5,40`,
    );
  return addCommands(program, commands, wanted);
}
