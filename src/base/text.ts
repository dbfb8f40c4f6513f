/** Text from files: UTF-8, with or without a byte order mark, and nothing else. */
import { cannotRead, readInput } from "./files.ts";

/**
 * The text in a file.
 *
 * @param most bytes
 * @param source the file's name for the user, starts messages
 * @throws ConfigError one line: the file cannot be read (as `readInput`), or is no UTF-8
 */
export function readText(path: string, most?: number, source = path): string {
  try {
    return utf8(readInput(path, most));
  } catch (error) {
    throw cannotRead(source, error);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Without its byte order mark. @throws Error which encoding it is instead, as far as that can be told, and what to do */
export function utf8(bytes: Uint8Array): string {
  const wide = wideEncoding(bytes);
  if (wide) throw new Error(`it is ${wide}; save it as UTF-8`);
  try {
    return decoder.decode(bytes);
  } catch {
    const probably = bytes.some((byte) => notInWindows1252.includes(byte)) ? "" : ", probably Windows-1252";
    throw new Error(`line ${lineOfFault(bytes)} is not UTF-8${probably}; save it as UTF-8`);
  }
}

/** Bytes that no text in Windows-1252, which has the letters of ISO 8859-1 and more, has. */
const notInWindows1252 = [0x00, 0x81, 0x8d, 0x8f, 0x90, 0x9d];

/** By its byte order mark, or by the zero beside the first letter, which is an ASCII one in all files that are read here. */
function wideEncoding([a, b, c, d]: Uint8Array): string | undefined {
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return "UTF-32";
  const marked = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  return marked || (a === 0 && b! > 0) || (a! > 0 && b === 0 && c! > 0) ? "UTF-16" : undefined;
}

/** A line ends before any byte that could be part of another character, so lines can be tried one by one. */
function lineOfFault(bytes: Uint8Array): number {
  for (let line = 1, from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    try {
      decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    from = end + 1;
  }
}
