import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCK_FILE } from "../../src/install/lock/lock.js";
import { rejectedCode } from "../support/codes.js";
import { bytesOf, scene, SOURCE, unsigned } from "./place.js";

const lockOf = (root: string): string => readFileSync(join(root, LOCK_FILE), "utf8");

describe("init", () => {
  it("installs the newest version that is allowed, and pins it", async () => {
    const { init, locked, root } = scene(
      [{ version: "1.0.0" }, { version: "1.2.0" }, { version: "2.0.0" }],
      unsigned("~> 1.0"),
    );
    expect(await init()).toMatchObject({
      installed: [{ source: SOURCE, version: "1.2.0", before: null }],
      lockChanged: true,
    });
    expect(await locked()).toBe("1.2.0");
    expect(lockOf(root)).toContain('constraints = "~> 1.0"');
  });

  it("makes no request the second time, and leaves the lock as it is", async () => {
    const { init, origin, root } = scene([{ version: "1.0.0" }], unsigned());
    await init();
    const before = lockOf(root);
    origin.asked = [];
    expect(await init()).toMatchObject({ lockChanged: false });
    expect(origin.asked).toEqual([]);
    expect(lockOf(root)).toBe(before);
  });

  it("stays with what is pinned until it is asked to upgrade", async () => {
    const { init, origin, locked } = scene([{ version: "1.0.0" }], unsigned("~> 1.0"));
    await init();
    origin.published = [{ version: "1.0.0" }, { version: "1.1.0" }];
    await init();
    expect(await locked()).toBe("1.0.0");
    await init({ upgrade: "all" });
    expect(await locked()).toBe("1.1.0");
  });

  it("follows the declaration when it allows the pinned version no more, also back", async () => {
    const { init, declare, locked } = scene([{ version: "1.0.0" }, { version: "2.0.0" }], unsigned());
    await init();
    declare(unsigned("~> 1.0"));
    await init();
    expect(await locked()).toBe("1.0.0");
  });

  it("fetches what is pinned to an empty cache, and refuses other bytes of that version", async () => {
    const one = scene([{ version: "1.0.0" }], unsigned());
    await one.init();
    const pins = lockOf(one.root);
    const other = scene([{ version: "1.0.0" }], unsigned());
    writeFileSync(join(other.root, LOCK_FILE), pins);
    await other.init();
    expect(other.origin.asked).toEqual(["release 1.0.0", "fetch"]);
    const third = scene([{ version: "1.0.0", manifest: { description: "another" } }], unsigned());
    writeFileSync(join(third.root, LOCK_FILE), pins);
    expect(await rejectedCode(third.init())).toBe("INSTALL_MISMATCH");
    expect(lockOf(third.root)).toBe(pins);
  });

  it("shows what there is where no version meets the constraints", async () => {
    const { init, root } = scene([{ version: "1.0.0" }, { version: "2.0.0-rc1" }], unsigned("~> 3.0"));
    await expect(init()).rejects.toMatchObject({
      code: "INSTALL_NO_MATCH",
      integration: "sample",
      message: expect.stringContaining("2.0.0-rc1, 1.0.0") as string,
      location: { line: 1 },
    });
    expect(existsSync(join(root, LOCK_FILE))).toBe(false);
  });

  it("refuses a withdrawn version unless it is named", async () => {
    const { init, declare, locked } = scene([{ version: "1.0.0" }, { version: "1.1.0", yanked: "broken" }], unsigned());
    await init();
    expect(await locked()).toBe("1.0.0");
    declare(unsigned("> 1.0"));
    expect(await rejectedCode(init())).toBe("INSTALL_YANKED");
    declare(unsigned("= 1.1.0"));
    await init();
    expect(await locked()).toBe("1.1.0");
  });

  it("refuses a roll-back unless it is agreed to", async () => {
    const { init, origin, locked } = scene([{ version: "1.0.0" }, { version: "1.1.0" }], unsigned());
    await init();
    origin.published = [{ version: "1.0.0" }];
    expect(await rejectedCode(init({ upgrade: "all" }))).toBe("INSTALL_ROLLBACK");
    expect(await locked()).toBe("1.1.0");
    await init({ upgrade: "all", approved: new Set(["sample"]) });
    expect(await locked()).toBe("1.0.0");
  });

  it.each([
    ["another name", { name: "other" }],
    ["another namespace", { namespace: "evil" }],
    ["another version", { version: "9.9.9" }],
  ])("refuses a package that says it has %s", async (_what, manifest) => {
    const { init } = scene([{ version: "1.0.0", manifest }], unsigned());
    expect(await rejectedCode(init())).toBe("INSTALL_WRONG_PACKAGE");
  });

  it("refuses an archive that is not of its digest", async () => {
    const bytes = Uint8Array.from(bytesOf({ version: "1.0.0" }));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    const { init } = scene([{ version: "1.0.0", served: bytes }], unsigned());
    expect(await rejectedCode(init())).toBe("CACHE_CORRUPT");
  });

  it("forgets what is declared no more", async () => {
    const { init, declare, root } = scene([{ version: "1.0.0" }], unsigned());
    await init();
    declare('integration "logger" {}');
    expect(await init()).toEqual({ installed: [], lockChanged: true });
    expect(existsSync(join(root, LOCK_FILE))).toBe(false);
  });
});
