/** `goldspike conform`: whether another implementation computes what it should. */
import { Command } from "commander";
import { conformBackendCommand } from "./conformBackend.ts";
import { conformCertifyCommand } from "./conformCertify.ts";
import { conformCompareCommand } from "./conformCompare.ts";
import { conformErrorsCommand } from "./conformErrors.ts";
import { conformExplainCommand } from "./conformExplain.ts";
import { conformExportCommand } from "./conformExport.ts";
import { conformHistoryCommand } from "./conformHistory.ts";
import { conformInitCommand } from "./conformInit.ts";
import { conformJudgeCommand } from "./conformJudge.ts";
import { conformListCommand } from "./conformList.ts";
import { conformPredictCommand } from "./conformPredict.ts";
import { conformRunCommand } from "./conformRun.ts";

export function conformCommand(): Command {
  return new Command("conform")
    .summary("check another implementation")
    .description("Checks an implementation of spiking networks and their gradients against certified values.")
    .addCommand(conformInitCommand())
    .addCommand(conformListCommand())
    .addCommand(conformRunCommand())
    .addCommand(conformJudgeCommand())
    .addCommand(conformHistoryCommand())
    .addCommand(conformCompareCommand())
    .addCommand(conformErrorsCommand())
    .addCommand(conformExplainCommand())
    .addCommand(conformPredictCommand())
    .addCommand(conformExportCommand())
    .addCommand(conformCertifyCommand())
    .addCommand(conformBackendCommand())
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
}
