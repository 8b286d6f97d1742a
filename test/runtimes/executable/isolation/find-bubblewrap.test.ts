import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { findBubblewrap, isolationText } from "../../../../runtimes/executable/bubblewrap.js";
import { temporaryFolder } from "../../../support/projects.js";

/** A PATH with a bubblewrap that does this; it can write down what it was asked. */
function pathWith(script: string): string {
  const folder = temporaryFolder({ bwrap: `#!/bin/sh\nfolder=$(dirname "$0")\n${script}\n` });
  chmodSync(join(folder, "bwrap"), 0o755);
  return folder;
}
const VERSION = '[ "$1" = --version ] && { echo "bubblewrap 0.6.1"; exit 0; }';

describe.runIf(process.platform === "linux")("a bubblewrap", () => {
  it("is taken when it runs a program with all its options", async () => {
    const folder = pathWith(`${VERSION}\nprintf '%s\\n' "$@" > "$folder/asked"`);
    const found = await findBubblewrap(folder);
    expect(found).toEqual({ path: join(folder, "bwrap"), version: "0.6.1", hasSizes: true });
    expect(readFileSync(join(folder, "asked"), "utf8")).toMatch(/--unshare-net[^]*--size[^]*\/bin\/sh/);
    expect(isolationText(found)).toBe("bubblewrap 0.6.1: no network, read-only files");
  });

  it("that is older is taken without the options that it does not know", async () => {
    const folder = pathWith(`${VERSION}\nfor word; do [ "$word" = --size ] && exit 1; done; exit 0`);
    expect(await findBubblewrap(folder)).toMatchObject({ hasSizes: false });
  });

  it("that does not work here is not taken, and what it said last is the reason", async () => {
    const found = await findBubblewrap(
      pathWith(`${VERSION}\necho "bwrap: No permissions to create new namespace" >&2; exit 1`),
    );
    expect(found).toMatchObject({ reason: expect.stringContaining("No permissions") as unknown });
    expect(isolationText(found)).toMatch(/^process group and limits only: .*No permissions/);
  });

  it("that is not there is told how to be installed", async () => {
    for (const path of [undefined, "", ".", temporaryFolder()]) {
      expect(await findBubblewrap(path)).toMatchObject({ remedy: expect.stringContaining("bubblewrap") as unknown });
    }
  });

  it("is not looked for where it cannot be", async () => {
    const folder = pathWith("exit 0");
    const platform = vi.spyOn(process, "platform", "get").mockReturnValue("darwin");
    try {
      expect(await findBubblewrap(folder)).toMatchObject({ reason: expect.stringContaining("darwin") as unknown });
    } finally {
      platform.mockRestore();
    }
  });
});
