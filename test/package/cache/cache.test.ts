import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCache } from "../../../src/package/cache/cache.js";
import { collectGarbage, listCache, verifyCache } from "../../../src/package/cache/inventory.js";
import { rejectedCode } from "../../support/codes.js";
import { publishable, scratch } from "../origin/fixture.js";

async function filled() {
  const folder = await scratch();
  const cache = openCache({ AIRLOCK_CACHE_DIR: folder });
  const [archive] = (await publishable()).archives;
  if (archive === undefined) throw new Error("nothing was packed");
  let downloads = 0;
  const download = () => {
    downloads += 1;
    return Promise.resolve(archive.bytes);
  };
  const { digest } = archive;
  const cached = await cache.obtain(digest, download);
  return {
    cache,
    digest,
    cached,
    download,
    downloads: () => downloads,
    place: join(cache.places.archives, `${digest.slice(7)}.tar.gz`),
  };
}

function never(): Promise<Uint8Array> {
  return Promise.reject(new Error("it was downloaded again"));
}

describe("the cache of packages", () => {
  it("has what was stored, without a download", async () => {
    const { cache, digest, cached } = await filled();
    expect(await cache.obtain(digest, never)).toEqual(cached);
    expect(await readFile(join(cached.folder, "main.js"), "utf8")).toBe("export const x = 1;\n");
  });

  it("has nothing of what was not stored", async () => {
    const cache = openCache({ AIRLOCK_CACHE_DIR: join(await scratch(), "none") });
    expect(await cache.find(`sha256:${"0".repeat(64)}`)).toBeNull();
    expect(await listCache(cache)).toEqual([]);
  });

  it("refuses what has another digest than was asked for", async () => {
    const cache = openCache({ AIRLOCK_CACHE_DIR: await scratch() });
    const wrong = cache.obtain(`sha256:${"0".repeat(64)}`, () => Promise.resolve(Buffer.from("x")));
    expect(await rejectedCode(wrong)).toBe("CACHE_CORRUPT");
    expect(await listCache(cache)).toEqual([]);
  });

  it("finds one flipped bit anywhere, in 500 places of archive and files", async () => {
    const { cache, digest, cached, place } = await filled();
    const paths = [place, join(cached.folder, "main.js"), join(cached.folder, "integration.json")];
    for (let at = 0; at < 500; at++) {
      const path = paths[at % paths.length] ?? place;
      const bytes = await readFile(path);
      const bit = Math.floor(Math.random() * bytes.length * 8);
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await writeFile(path, changed);
      expect(await rejectedCode(cache.find(digest))).toBe("CACHE_CORRUPT");
      await writeFile(path, bytes);
    }
    expect(await cache.find(digest)).not.toBeNull();
  });

  it.each([
    ["a file more", async (folder: string) => writeFile(join(folder, "more.js"), "")],
    ["a file less", async (folder: string) => rm(join(folder, "main.js"))],
    [
      "a link in the place of a file",
      async (folder: string) => {
        await rm(join(folder, "main.js"));
        await symlink("/etc/hostname", join(folder, "main.js"));
      },
    ],
    [
      "a folder in the place of a file",
      async (folder: string) => {
        await rm(join(folder, "main.js"));
        await mkdir(join(folder, "main.js"));
      },
    ],
  ])("finds %s, and is whole again after the next download", async (_, change) => {
    const { cache, digest, cached, downloads, download } = await filled();
    await change(cached.folder);
    expect(await rejectedCode(cache.find(digest))).toBe("CACHE_CORRUPT");
    expect((await verifyCache(cache)).map(({ fault }) => fault?.code)).toEqual(["CACHE_CORRUPT"]);
    expect(await cache.obtain(digest, download)).toEqual(cached);
    // Its archive was sound, so nothing had to be fetched.
    expect(downloads()).toBe(1);
  });

  it("is used as it is where it cannot be written, and says so where it must be", async () => {
    const blocked = join(await scratch(), "file");
    await writeFile(blocked, "");
    const cache = openCache({ AIRLOCK_CACHE_DIR: join(blocked, "cache") });
    const stored = cache.obtain(`sha256:${"0".repeat(64)}`, never);
    expect(["CACHE_UNWRITABLE", "CACHE_UNREADABLE"]).toContain(await rejectedCode(stored));
  });

  it("leaves nothing of a download that failed", async () => {
    const cache = openCache({ AIRLOCK_CACHE_DIR: await scratch() });
    await expect(cache.obtain(`sha256:${"0".repeat(64)}`, never)).rejects.toThrow("downloaded");
    expect(await listCache(cache)).toEqual([]);
  });

  it("loses what is unused, and keeps what is used", async () => {
    const { cache, digest } = await filled();
    expect((await collectGarbage(cache, new Date(Date.now() - 1000 * 60))).digests).toEqual([]);
    expect(await cache.find(digest)).not.toBeNull();
    expect((await collectGarbage(cache, new Date(8.64e15))).digests).toEqual([digest]);
    expect(await cache.find(digest)).toBeNull();
  });
});
