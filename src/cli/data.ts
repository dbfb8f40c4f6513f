/** `goldspike data`: getting data sets, and looking at them. */
import { Command } from "commander";
import { dataGetCommand } from "./dataGet.ts";
import { dataInfoCommand } from "./dataInfo.ts";
import { dataShowCommand } from "./dataShow.ts";

export function dataCommand(): Command {
  return new Command("data")
    .summary("get data sets and look at them")
    .description("Downloads data sets, and says and shows what is in a file of recordings.")
    .addCommand(dataGetCommand())
    .addCommand(dataInfoCommand())
    .addCommand(dataShowCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike data get shd -o ~/shd
  $ goldspike data info ~/shd/shd_train.h5.gz
  $ goldspike data show ~/shd/shd_train.h5.gz 0 -o raster.png`,
    );
}
