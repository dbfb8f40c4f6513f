/** The operations `cases` and `questions`: which cases there are, and what a backend is asked about one. */
import { z } from "zod";
import { foregone, questionsOf } from "../conformance/run/questions.ts";
import { requireUndamaged } from "../conformance/suite/checksums.ts";
import { chosenCases } from "../conformance/suite/chosenCases.ts";
import { features, featuresOf } from "../conformance/suite/features.ts";
import { groups } from "../conformance/suite/golden.ts";
import { bundledSuite, catchesOf, listSuite, pathOfCase } from "../conformance/suite/suite.ts";
import { type File, WithFiles } from "./arrays.ts";
import { judgingOf, judgingSchema } from "./judging.ts";
import { preparedCase, whichCaseSchema } from "./whichCase.ts";

const words = z.array(z.string());
const feature = z.string().refine((name) => features.includes(name), {
  error: `expected a feature; there are ${features.join(", ")}`,
});

export const casesSchema = z.strictObject({
  suite: z.string().optional().describe("Folder of cases GROUP/NAME; the bundled one if absent."),
  group: z.array(z.enum(groups)).optional(),
  case: words.optional().describe("NAME or GROUP/NAME; with groups, these besides."),
  needs: z.array(feature).optional(),
  without: z.array(feature).optional(),
});

/** A list with `path` GROUP/NAME, `folder`, `catches` and `features` of each. */
export async function cases({ suite = bundledSuite, ...choice }: z.output<typeof casesSchema>) {
  await requireUndamaged(suite);
  const entries = await chosenCases(
    await listSuite(suite),
    Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined)),
    (name) => name,
  );
  const found = [];
  for (const entry of entries)
    found.push({
      path: pathOfCase(entry),
      folder: entry.folder,
      catches: (await catchesOf(entry)) ?? "",
      features: await featuresOf(entry),
    });
  return found;
}

export const questionsSchema = z.strictObject({
  case: whichCaseSchema,
  judging: judgingSchema.optional().describe("By which the answers are to be judged."),
});

/**
 * A list of what a backend is asked, `{"case.json": TEXT, "batch.json"?: TEXT}`, of a relation two; `files` has the bytes of
 * raw files that the texts refer to. What is known about the case is not among them. `foregone` is whether the verdict needs
 * no answer, `damaged` why no answer can be judged, or null.
 */
export async function questions({
  case: which,
  judging,
}: z.output<typeof questionsSchema>): Promise<WithFiles> {
  const prepared = await preparedCase(which);
  const files: File[] = [];
  const texts = questionsOf(prepared).map((question) => {
    const json: [string, string][] = [];
    for (const [name, content] of question) {
      if (typeof content === "string") json.push([name, content]);
      else if (name.endsWith(".json")) json.push([name, new TextDecoder().decode(content)]);
      else files.push({ name, bytes: content });
    }
    return Object.fromEntries(json);
  });
  const { known } = prepared;
  const isForegone = judging !== undefined && foregone(prepared, judgingOf(judging)) !== undefined;
  const damaged = known.kind === "damaged" ? known.reason : null;
  return new WithFiles({ questions: texts, foregone: isForegone, damaged }, files);
}
