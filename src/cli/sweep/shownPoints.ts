/** What a sweep shows: a line a point that has come to its end, and on a terminal a bar. */
import type { WorkMessage } from "../../study/crew.ts";
import { resultOf } from "../../study/pointResult.ts";
import type { StudyFolder } from "../../study/studyFolder.ts";
import { countBar } from "../bars.ts";
import { print, say } from "../lines.ts";
import { failureLine, resultLine } from "./pointLine.ts";

interface ShownPoints {
  readonly onMessage: (message: WorkMessage) => void;
  readonly stop: () => void;
}

export function shownPoints({ path, points }: StudyFolder, terminal: NodeJS.WriteStream): ShownPoints {
  const known = new Map(points.map((point) => [point.hash, point]));
  const done = new Set(points.filter((point) => resultOf(path, point)).map(({ hash }) => hash));
  const bar = countBar("points", points.length, terminal);
  bar.show(done.size);
  return {
    onMessage(message) {
      if (message.kind === "start") return;
      const point = known.get(message.hash)!;
      if (message.kind === "result" || message.kind === "failure") done.add(message.hash);
      bar.aside(done.size, () => {
        if (message.kind === "result") print(`${resultLine(point, message.result)}\n`);
        if (message.kind === "failure") print(`${failureLine(point, message.line)}\n`);
        if (message.kind === "remark") say(`point=${message.hash} ${message.line}`);
      });
    },
    stop: () => bar.stop(),
  };
}
