/** What a user is told. */
import { expect } from "vitest";
import { ConfigError } from "../../../src/base/errors.ts";

/** The message of the one-line ConfigError with which `of` fails. */
export async function refusalOf(of: Promise<unknown>): Promise<string> {
  const error: unknown = await of.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).not.toContain("\n");
  return message;
}
