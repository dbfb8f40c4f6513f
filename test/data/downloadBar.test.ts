/** The bar of a download says how much there is and how long it takes, as soon as that is known. */
import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { downloadBar } from "../../src/cli/bars.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "Date", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What is drawn while a download has got so many bytes, one after another each second; −1 is a break. */
function drawn(bytes: readonly number[], total: number | undefined): string {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  const terminal = Object.assign(stream, { isTTY: true, columns: 120, cursorTo() {}, clearLine() {} });
  const bar = downloadBar("set.h5", terminal as never);
  for (const count of bytes) {
    if (count < 0) bar.stop();
    else bar.show(count, total);
    vi.advanceTimersByTime(1000);
  }
  bar.stop();
  return text;
}

test("no time is left out of nothing: a question mark while nothing comes", () => {
  const text = drawn([0, 0], 5e6);
  expect(text).toMatch(/set\.h5 \[.+\] 0 % of 5\.0 MB, 0\.0 MB\/s, \? left/);
  expect(text).not.toMatch(/INF|NULL|N[FU]|00s/);
});

test("the time left is that of the bytes left", () => {
  expect(drawn([0, 1e6, 2e6], 5e6)).toMatch(/40 % of 5\.0 MB, 1\.0 MB\/s, 3s left/);
});

test("without a total there are bytes and speed", () => {
  expect(drawn([0, 1e6], undefined)).toMatch(/set\.h5 1\.0 MB, 1\.0 MB\/s/);
});

test("after a break there is a bar again, and its speed is that of the new connection", () => {
  expect(drawn([0, 4e6, -1, 4e6, 5e6], 10e6)).toMatch(/50 % of 10\.0 MB, 1\.0 MB\/s/);
});
