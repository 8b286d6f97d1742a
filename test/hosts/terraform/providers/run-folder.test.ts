import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { basename, dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { RunFolder } from "../../../../src/hosts/terraform/providers/run-folder.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";

/** The longest path that a socket may have here. */
const MAX = process.platform === "linux" ? 107 : 103;
/** What is added to the parent: the folder's own name, a provider's folder, and its socket. */
const ADDED = "/airlock-XXXXXX/p99999/plugin4294967295".length;

/** A folder whose path has exactly so many bytes. */
function folderOfLength(length: number): string {
  const base = temporaryFolder();
  const path = join(base, "é".repeat(4).padEnd(length - base.length - 5, "x"));
  mkdirSync(path);
  expect(Buffer.byteLength(path)).toBe(length);
  return path;
}

async function create(temporary: string, fallback?: string): Promise<RunFolder> {
  const folder = await RunFolder.create(temporary, fallback);
  onTestFinished(() => {
    rmSync(folder.path, { recursive: true, force: true });
  });
  return folder;
}

describe("the folder of a run", () => {
  it("is for its owner alone, as are the folders of sockets in it", async () => {
    const before = process.umask(0);
    try {
      const folder = await create(temporaryFolder());
      const sockets = await folder.socketFolder();
      for (const path of [folder.path, sockets.path]) expect(statSync(path).mode & 0o777).toBe(0o700);
    } finally {
      process.umask(before);
    }
  });

  it("gives each provider a folder of its own", async () => {
    const folder = await create(temporaryFolder());
    const all = await Promise.all([folder.socketFolder(), folder.socketFolder()]);
    expect(all.map(({ name }) => name)).toEqual(["p1", "p2"]);
    expect(all.map(({ path }) => path)).toEqual([folder.file("p1"), folder.file("p2")]);
  });

  it("may have a path so long that the longest socket in it still works", async () => {
    const folder = await create(folderOfLength(MAX - ADDED), "/none");
    const path = folder.file("p99999/plugin4294967295");
    mkdirSync(dirname(path));
    expect(Buffer.byteLength(path)).toBe(MAX);
    const server = createServer().listen(path);
    await once(server, "listening");
    server.close();
  });

  it("is elsewhere when its path would be longer", async () => {
    const fallback = temporaryFolder();
    const folder = await create(folderOfLength(MAX - ADDED + 1), fallback);
    expect(dirname(folder.path)).toBe(fallback);
    expect(basename(folder.path)).toMatch(/^airlock-/);
  });

  it("is an error when that is too long, too", async () => {
    const long = folderOfLength(MAX - ADDED + 1);
    expect(await rejectedCode(RunFolder.create(long, long))).toBe("PROVIDER_SOCKET_PATH");
  });

  it("is an error where none can be made", async () => {
    expect(await rejectedCode(RunFolder.create("/does/not/exist"))).toBe("PROVIDER_RUN_FOLDER");
  });

  it("goes away with all that is in it", async () => {
    const folder = await create(temporaryFolder());
    const { path } = await folder.socketFolder();
    writeFileSync(join(path, "file"), "");
    expect(await folder.remove()).toBe(true);
    expect(existsSync(folder.path)).toBe(false);
    expect(await folder.remove()).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)("says when it is not gone", async () => {
    const folder = await create(temporaryFolder());
    const { path } = await folder.socketFolder();
    writeFileSync(join(path, "file"), "");
    chmodSync(path, 0o500);
    expect(await folder.remove()).toBe(false);
    chmodSync(path, 0o700);
  });
});
