/** Errors on their way from a thread to the one that asked it: classes do not survive a message. */
import { ConfigError } from "./errors.ts";

export interface ToldError {
  readonly message: string;
  readonly stack: string | undefined;
  readonly isConfigError: boolean;
}

export function toldError(error: unknown): ToldError {
  const { message, stack } = error as Error;
  return { message, stack, isConfigError: error instanceof ConfigError };
}

/** The error that was told, with the stack that it had. */
export function errorOf({ message, stack, isConfigError }: ToldError): Error {
  const error = isConfigError ? new ConfigError(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
