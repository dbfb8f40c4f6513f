/** `goldspike conform`: whether another implementation computes what it should. */
import { Command } from "commander";
import { addCommands, type Commands } from "../addCommands.ts";

const commands: Commands = {
  init: async () => (await import("./conformInit.ts")).conformInitCommand(),
  list: async () => (await import("./conformList.ts")).conformListCommand(),
  run: async () => (await import("./conformRun.ts")).conformRunCommand(),
  judge: async () => (await import("./conformJudge.ts")).conformJudgeCommand(),
  compare: async () => (await import("./conformCompare.ts")).conformCompareCommand(),
  errors: async () => (await import("./conformErrors.ts")).conformErrorsCommand(),
  explain: async () => (await import("./conformExplain.ts")).conformExplainCommand(),
  predict: async () => (await import("./conformPredict.ts")).conformPredictCommand(),
  export: async () => (await import("./conformExport.ts")).conformExportCommand(),
  certify: async () => (await import("./conformCertify.ts")).conformCertifyCommand(),
  backend: async () => (await import("./conformBackend.ts")).conformBackendCommand(),
};

/** @param wanted the command of its own that is asked for */
export function conformCommand(wanted: string | undefined): Promise<Command> {
  const program = new Command("conform")
    .summary("check another implementation")
    .description("Checks an implementation of spiking networks and their gradients against certified values.")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform init python mine
  $ goldspike conform list --group adversarial
  $ goldspike conform run -- goldspike conform backend engine
  $ goldspike conform run --group smoke --class T3 --keep out -- python3 my_backend.py
  $ goldspike conform explain suite/smoke/recurrence out/smoke/recurrence/result
  $ goldspike conform errors suite/smoke/recurrence out/smoke/recurrence/result --dt 0.1
  $ goldspike conform predict suite/smoke/recurrence --target 0.01
  $ goldspike conform certify mine/core/two-bursts --at 1,2.5,40`,
    );
  return addCommands(program, commands, wanted);
}
