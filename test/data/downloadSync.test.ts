/** A file's name, and those of folders made for it, are on the disk when the download is said to be done. */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { download } from "../../src/data/download/download.ts";
import { fileServer } from "../support/fileServer.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

/** What was renamed and what flushed, in order. */
const events: string[] = [];

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    async open(path: string, ...rest: []) {
      const file = await real.open(path, ...rest);
      const sync = file.sync.bind(file);
      file.sync = () => {
        events.push(`flush ${path}`);
        return sync();
      };
      return file;
    },
    rename(from: string, to: string) {
      events.push(`rename ${to}`);
      return real.rename(from, to);
    },
  };
});

test.skipIf(process.platform === "win32")("folders first, then the name", async () => {
  const top = temporaryFolder(onTestFinished);
  const server = await fileServer();
  onTestFinished(() => server.close());
  const bytes = Buffer.from("spikes");
  server.files.set("set", { bytes });
  const path = join(top, "new", "folder", "set");
  const digest = createHash("md5").update(bytes).digest("hex");
  await download({ url: `${server.base}set`, path, proof: { kind: "md5", digest } });
  const [folder, above] = [dirname(path), dirname(dirname(path))];
  expect(events).toEqual([`flush ${above}`, `flush ${top}`, `rename ${path}`, `flush ${folder}`]);
});
