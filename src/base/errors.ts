/** The two kinds of error a caller can cause or meet; anything else that is thrown is a bug. */

/**
 * The user's input is wrong. The message is one line that names the place (a JSON path or a file), the value found
 * and what was expected. The command line prints it and exits with 2.
 */
export class ConfigError extends Error {
  /** By which errors of several copies of the package are told apart. */
  override readonly name = "ConfigError";
}

/**
 * A run could not be finished: a budget was used up, or a loss is not defined for what the network did.
 * The message says which and names the way out.
 */
export class KernelError extends Error {
  /** By which errors of several copies of the package are told apart. */
  override readonly name = "KernelError";
}
