import { describe, expect, it } from "vitest";
import { openCache } from "../../../src/package/cache/cache.js";
import { publishable, scratch } from "../origin/fixture.js";

describe("many at once on one empty cache", () => {
  it("download a package once, and all have it", async () => {
    const folder = await scratch();
    const [archive] = (await publishable()).archives;
    if (archive === undefined) throw new Error("nothing was packed");
    let downloads = 0;
    const found = await Promise.all(
      Array.from({ length: 50 }, () =>
        openCache({ AIRLOCK_CACHE_DIR: folder }).obtain(archive.digest, () => {
          downloads += 1;
          return Promise.resolve(archive.bytes);
        }),
      ),
    );
    expect(downloads).toBe(1);
    expect(new Set(found.map((one) => one.folder)).size).toBe(1);
  });
});
