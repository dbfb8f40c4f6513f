/** Texts of others that are shown: nothing in them moves the cursor, rings, or turns the line around. */
import { expect, test } from "vitest";
import { plainLine, visible } from "../../src/base/visible.ts";

test.each([
  ["a terminal's escape", "a\u001b[31mb", "a\\u{1b}[31mb"],
  ["line ends, a bell and a tab", "a\r\n\u0007\t", "a\\u{d}\\u{a}\\u{7}\\u{9}"],
  ["escapes of eight bits", "\u009b31m", "\\u{9b}31m"],
  ["a line that is turned around", "\u202ecba\u2066", "\\u{202e}cba\\u{2066}"],
  ["separators and what has no width", "\u2028\u200b\ufeff", "\\u{2028}\\u{200b}\\u{feff}"],
  ["half a character", "\ud83d", "\\u{d83d}"],
  ["letters, signs and emoji", "V̇ ≥ ϑ … 😀", "V̇ ≥ ϑ … 😀"],
])("%s", (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("the last line of what a program prints, without its colours and what it has overwritten", () => {
  expect(plainLine("first\n\u001b[1;31mError:\u001b[0m\tlost\r\n\r\n")).toBe("Error: lost");
  expect(plainLine("10 %\r20 %\rno memory\n")).toBe("no memory");
  expect(plainLine("\u001b]0;title\u0007\u0007 \u202eend")).toBe("\\u{7} \\u{202e}end");
  expect(plainLine("x".repeat(200))).toBe("x".repeat(200));
  expect(plainLine(`${"x".repeat(198)}😀`)).toBe(`${"x".repeat(198)}😀`);
  expect(plainLine(`${"x".repeat(199)}😀`)).toBe(`${"x".repeat(199)}…`);
  expect(plainLine(`${"x".repeat(198)}😀y`)).toBe(`${"x".repeat(198)}…`);
  expect(plainLine("\u0001".repeat(200))).toHaveLength(200);
  expect(plainLine(" \n")).toBe("");
});
