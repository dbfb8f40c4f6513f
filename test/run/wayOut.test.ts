/** A command that a message offers can be pasted into a shell as it stands. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { shellWord } from "../../src/base/shellWord.ts";
import { anewHint, evaluateHint, resumeHint } from "../../src/run/runFolder.ts";

const paths = ["runs/shd", "a b", "it's", "$HOME/`x`", "*", "~x", "a;b", "ünï", "#1", "(1)", "a\\b", '"'];

describe("a folder", () => {
  test("is quoted only where it has to be", () => {
    expect(resumeHint("runs/shd-2_b.1")).toBe("goldspike resume runs/shd-2_b.1");
    expect(resumeHint("my runs/1")).toBe("goldspike resume 'my runs/1'");
    expect(evaluateHint("it's", " --json")).toBe("goldspike evaluate 'it'\\''s' --json");
    expect(anewHint("a b/config.yaml")).toBe("goldspike train 'a b/config.yaml' -o ANOTHER");
  });

  test("is no option", () => {
    expect(shellWord("-x")).toBe("./-x");
  });

  test.skipIf(process.platform === "win32")("is what a shell understands (not on Windows)", () => {
    for (const path of paths) {
      const read = execFileSync("sh", ["-c", `printf %s ${shellWord(path, "linux")}`]);
      expect(String(read)).toBe(path);
    }
  });

  test("is quoted as Windows does", () => {
    expect(shellWord("C:\\runs\\a", "win32")).toBe("C:\\runs\\a");
    expect(shellWord("C:\\my runs", "win32")).toBe('"C:\\my runs"');
  });
});
