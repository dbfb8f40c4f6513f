import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longestFirst.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Only against what hangs: others may be at work on the machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 600_000,
    // Many tests wait for processes of their own: all processors, where the default leaves one out.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/support/countReporter.ts"],
  },
});
