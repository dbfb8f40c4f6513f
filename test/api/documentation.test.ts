/** What the package exports says what it is: every name, and every member of a type. */
import { expect, test } from "vitest";
import { entries, publicNames } from "./publicNames.ts";

test.each(entries)("every exported name of %s and every member has a doc comment", (entry) => {
  const names = publicNames(entry);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter(({ documentation }) => documentation.trim() === "").map(({ name }) => name)).toEqual(
    [],
  );
});
