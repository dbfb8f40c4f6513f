/** The Yin-Yang data set has the shape its paper draws, is balanced, and is the same bits for the same seed. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { yinYang, yinYangClass, yinYangInput } from "../../src/data/yinyang.ts";
import { inputOf } from "../support/networks/inputOf.ts";

const [yin, yang, dot] = [0, 1, 2];
const options = { train: 3000, test: 600, trainSeed: 123, testSeed: 456, duration: 30 };

describe("the class of a point", () => {
  test.each([
    ["the middle of the right dot", 0.5, 0, dot],
    ["the edge of the left dot, inside", -0.5, 0.199, dot],
    ["the edge of the left dot, outside", -0.5, 0.201, yin],
    ["the upper half", 0, 0.9, yin],
    ["the lower half", 0, -0.9, yang],
    ["the left lobe, below the axis", -0.5, -0.4, yin],
    ["left of and below the left lobe", -0.9, -0.35, yang],
    ["the right lobe, above the axis", 0.5, 0.4, yang],
    ["right of and above the right lobe", 0.9, 0.35, yin],
  ])("%s", (_, x, y, expected) => {
    expect(yinYangClass(x, y)).toBe(expected);
  });

  test("yin and yang are each other's image under a half turn, but for their border", () => {
    for (let x = -0.99; x < 1; x += 0.06) {
      for (let y = -0.99; y < 1; y += 0.06) {
        const turned = yinYangClass(-x, -y);
        expect(turned).toBe([yang, yin, dot][yinYangClass(x, y)]);
      }
    }
  });
});

describe("a point's spikes", () => {
  test("are its four coordinates and the bias, between 0.2 and 29.8 ms of 30", () => {
    const { times, sources } = yinYangInput(-1, 0.5, 30);
    expect([...sources]).toEqual([0, 4, 3, 1, 2]);
    const expected = [0.2, 0.2, 0.2 + 29.6 / 4, 0.2 + (29.6 * 3) / 4, 29.8];
    for (const [k, time] of times.entries()) expect(time).toBeCloseTo(expected[k]!, 12);
  });
});

describe("the data set", () => {
  const { train, test: held } = yinYang(options);

  test("has one third of each class, to within 4 standard deviations", () => {
    const deviation = Math.sqrt(3000 * (1 / 3) * (2 / 3));
    for (const label of [yin, yang, dot]) {
      const count = train.labels.filter((other) => other === label).length;
      expect(Math.abs(count - 1000)).toBeLessThan(4 * deviation);
    }
  });

  test("has points of the disc whose class is the label", () => {
    for (let k = 0; k < 3000; k++) {
      const { times, sources } = inputOf(train, k);
      const coordinate = (channel: number) => (2 * (times[sources.indexOf(channel)]! - 0.2)) / 29.6 - 1;
      const [x, y] = [coordinate(0), coordinate(1)];
      expect(x * x + y * y).toBeLessThan(1 + 1e-9);
      expect(coordinate(2)).toBeCloseTo(-x, 9);
      expect(coordinate(3)).toBeCloseTo(-y, 9);
      expect(yinYangClass(x, y)).toBe(train.labels[k]);
      expect([...times]).toEqual([...times].sort((a, b) => a - b));
    }
  });

  test("differs between the two seeds", () => {
    expect(held.labels).toHaveLength(600);
    expect([...held.times.subarray(0, 50)]).not.toEqual([...train.times.subarray(0, 50)]);
  });

  test("is the same bits for the same seed, on every engine", () => {
    const hash = createHash("sha256");
    for (const { labels, times, sources } of [train, held]) {
      for (const part of [labels, times, sources]) hash.update(new Uint8Array(part.buffer));
    }
    expect(hash.digest("hex").slice(0, 16)).toBe("ecdf60e64e24180c");
  });
});
