/** The runner with workers, results that are there already, and lists of expected failures. */
import { describe, test } from "vitest";
import type { Claims } from "../../support/conformance/claim.ts";
import { expectedClaims } from "../../support/conformance/expectedClaims.ts";
import { judgingClaims } from "../../support/conformance/judgingClaims.ts";
import { workerClaims } from "../../support/conformance/workerClaims.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const folder = temporaryFolder();

function each(claims: Claims): void {
  test.each(Object.entries(claims))("%s", async (_, holds) => holds(folder));
}

describe("workers", () => each(workerClaims));
describe("results that are judged", () => each(judgingClaims));
describe("expected failures", () => each(expectedClaims));
