/** Of what a failed program has printed, the one line that says why: not what its language or framework adds. */
import { stripVTControlCharacters } from "node:util";
import { plainLine } from "../../base/visible.ts";

/** How languages start the line of an error that nothing has caught. */
const errors = [
  // Python, JavaScript, Java: a class's name, perhaps with its modules.
  /^(Uncaught |Exception in thread .* )?[\w.$]*(Error|Exception|Interrupt|Exit|Failure)( \[\w+\])?(:|$)/,
  /^\w[\w.]*(\.\w+)+: \S/,
  /^(ERROR|FATAL|Fatal|fatal|error|Error|panic)( \w+)?(\[\w+\])?:/,
  /^thread '.*' (\(\d+\) )?panicked at /,
  /^terminate called /,
  /^\s*what\(\): /,
  /^\S+: .*(command not found|No such file or directory)$/,
];

/** What comes after it, or is one only by its form. */
const epilogues = [
  /^-+$/,
  /^=+$/,
  /For simplicity, JAX has removed its internal frames/,
  /(SimplifiedTraceback|UnfilteredStackTrace)/,
  /The stack trace below excludes JAX-internal frames/,
  /The preceding is the original exception/,
  /JAX_TRACEBACK_FILTERING/,
  /^note: (run with|Some details)/,
  /^Node\.js v\d/,
  /^\s+at .*[:(]/,
  /^\s*\^+\s*$/,
  /^\s*File ".*", line \d+/,
  /^\[(rank)?\d+\]\s*$/,
  /^(Aborted|Killed|Segmentation fault)\b.*$/,
  /^goroutine \d+/,
  /^Stacktrace:$/,
  /^ \[\d+\] /,
];

/** The last line that names an error; the last one that is no epilogue, if none does. */
export function tellingLine(printed: string): string {
  const lines = stripVTControlCharacters(printed)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "");
  const own = lines.filter((line) => !epilogues.some((epilogue) => epilogue.test(line)));
  const at = own.map((line) => errors.some((error) => error.test(line))).lastIndexOf(true);
  if (at < 0) return plainLine(own.at(-1) ?? printed);
  // Where a line ends with a colon the reason stands in the next.
  const whole = /:\s*$/.test(own[at]!) ? `${own[at]} ${own[at + 1] ?? ""}` : own[at]!;
  return plainLine(whole);
}
