/** Lists of expected failures: what they excuse, and what they do not. */
import { readFileSync, writeFileSync } from "node:fs";
import { ConfigError } from "../../../src/base/errors.ts";
import { expectedText, expecting, readExpected } from "../../../src/conformance/verdict/expected.ts";
import { failureOf } from "../../../src/conformance/verdict/runReport.ts";
import type { Part, Verdict, VerdictStatus } from "../../../src/conformance/verdict/verdict.ts";
import { all, type Claims, claim, placeIn } from "./claim.ts";

function verdict(
  status: VerdictStatus,
  parts: Record<string, Part["status"]> = {},
  name = "recurrence",
): Verdict {
  return {
    case: name,
    group: "smoke",
    catches: "",
    class: "T2",
    status,
    message: status === "pass" ? "" : "3 % off",
    parts: Object.entries(parts).map(([part, its]) => ({ name: part, status: its, message: `${its} there` })),
    seconds: 0,
  };
}

/** The verdict in the light of a list of these lines. */
function seen(folder: string, lines: readonly string[], its: Verdict): string {
  const path = placeIn(folder);
  writeFileSync(path, lines.join("\n"));
  const { status, message } = expecting(its, readExpected(path, all).list, "LIST");
  return `${status} ${message}`.trim();
}

const [weight, delay] = ["projections[0].weight", "projections[1].delay"];
const failing = verdict("fail", { loss: "pass", [weight]: "fail", [delay]: "pass" });

export const expectedClaims: Claims = {
  "a listed failure does not fail, and tells its reason": async (folder) => {
    const list = [`smoke/recurrence ${weight} no feedback yet`];
    claim(seen(folder, list, failing) === "expected no feedback yet: 3 % off", seen(folder, list, failing));
    const report = { about: {} as never, cases: 1, verdicts: [{ ...failing, status: "expected" as const }] };
    claim(failureOf(report) === undefined, failureOf(report));
  },
  "a line may have commas, and a case's name alone": async (folder) => {
    for (const line of [
      `recurrence ${weight} slow`,
      `smoke/recurrence, ${weight}, slow`,
      "recurrence,  *,  slow",
    ]) {
      const found = seen(folder, [line], line.includes("*") ? verdict("error") : failing);
      claim(found === "expected slow: 3 % off", { line, found });
    }
  },
  "another failure of the same case does": async (folder) => {
    const two = verdict("fail", { [weight]: "fail", [delay]: "fail" });
    const found = seen(folder, [`smoke/recurrence ${weight} no feedback yet`], two);
    claim(found === `fail ${delay}: fail there`, found);
  },
  "and one of another case": async (folder) => {
    const found = seen(
      folder,
      [`smoke/recurrence ${weight} x`],
      verdict("fail", { [weight]: "fail" }, "hidden-spikes"),
    );
    claim(found === "fail 3 % off", found);
  },
  "a star stands for whatever it is, a crash too; a tensor does not": async (folder) => {
    const any = ["smoke/recurrence * crashes"];
    claim(seen(folder, any, failing) === "expected crashes: 3 % off", seen(folder, any, failing));
    claim(
      seen(folder, any, verdict("error")) === "expected crashes: 3 % off",
      seen(folder, any, verdict("error")),
    );
    const one = seen(folder, [`smoke/recurrence ${weight} x`], verdict("error"));
    claim(one === "error 3 % off", one);
  },
  "a pass that is listed fails": async (folder) => {
    const passing = verdict("pass", { [weight]: "pass" });
    const text =
      /^fail .* passes, though listed as failing; take its line out of LIST, or --update-expected$/;
    for (const part of ["*", weight]) {
      const found = seen(folder, [`smoke/recurrence ${part} x`], passing);
      claim(text.test(found), found);
    }
    const one = seen(folder, [`smoke/recurrence ${weight} x`, `smoke/recurrence ${delay} y`], failing);
    claim(one.startsWith(`fail ${delay} passes`), one);
    const refused = seen(folder, ["smoke/recurrence * x"], verdict("refused"));
    claim(text.test(refused), refused);
  },
  "what nobody can tell stays as it is": async (folder) => {
    for (const status of ["undecidable", "unsupported"] as const) {
      const found = seen(folder, ["smoke/recurrence * x"], verdict(status));
      claim(found === `${status} 3 % off`, found);
    }
  },
  "what was not looked at says nothing": async (folder) => {
    const path = placeIn(folder);
    writeFileSync(path, `smoke/recurrence ${delay} y\nsmoke/hidden-spikes * z\n`);
    const { list } = readExpected(path, all);
    const seenPart = expecting(verdict("pass", { [weight]: "pass" }), list, path, false);
    const seenCase = expecting(verdict("pass", { [weight]: "pass" }, "hidden-spikes"), list, path, false);
    claim(seenPart.status === "pass" && seenCase.status === "pass", { seenPart, seenCase });
  },
  "lines that are none are told by their number": async (folder) => {
    const complaint = (lines: readonly string[]) => {
      const path = placeIn(folder);
      writeFileSync(path, lines.join("\n"));
      try {
        readExpected(path, all);
        return "none";
      } catch (error) {
        claim(error instanceof ConfigError, error);
        return (error as Error).message.slice(path.length + 2);
      }
    };
    const found = [
      complaint(["# a comment", "", "smoke/nowhere * x"]),
      complaint(["smoke/recurrence"]),
      complaint(["smoke/recurrence * x", "smoke/recurrence  *  y"]),
      complaint(["nowhere * x"]),
    ];
    claim(
      /^line 3: expected GROUP\/NAME of a case of the suite, got "smoke\/nowhere"; take the line out$/.test(
        found[0]!,
      ),
      found,
    );
    claim(/^line 1: expected a tensor/.test(found[1]!), found);
    claim(/^line 2: smoke\/recurrence \* is listed twice$/.test(found[2]!), found);
    claim(/^line 1: expected GROUP\/NAME/.test(found[3]!), found);
  },
  "a list that is written excuses all there is, keeps reasons, and lines about others": async (folder) => {
    const path = placeIn(folder);
    writeFileSync(
      path,
      `# mine\nsmoke/recurrence ${weight} my reason\nsmoke/recurrence input_times not looked at\nsmoke/first-spikes * left\nsmoke/hidden-spikes * gone\n`,
    );
    const verdicts = [
      failing,
      verdict("pass", {}, "hidden-spikes"),
      verdict("error", {}, "postsynaptic-potential"),
    ];
    const before = readExpected(path, all);
    writeFileSync(path, expectedText(before, verdicts));
    claim(readFileSync(path, "utf8").startsWith("# mine\n"), readFileSync(path, "utf8"));
    const lines = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("smoke"));
    const wanted = [
      "smoke/first-spikes * left",
      "smoke/postsynaptic-potential * 3 % off",
      "smoke/recurrence input_times not looked at",
      `smoke/recurrence ${weight} my reason`,
    ];
    claim(lines.join("\n") === wanted.join("\n"), lines);
    const { list } = readExpected(path, all);
    const again = verdicts.map((its) => expecting(its, list, path).status);
    claim(again.join() === "expected,pass,expected", again);
  },
};
