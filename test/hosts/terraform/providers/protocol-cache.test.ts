import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ProtocolCache } from "../../../../src/hosts/terraform/providers/protocol-cache.js";
import { temporaryFolder } from "../../../support/projects.js";

function digest(n: number): string {
  return `h1:${String(n).padStart(43, "A")}=`;
}

function fileOf(dataDir: string): string {
  return join(dataDir, "airlock", "protocols.json");
}

/** A data folder in which the file has this text. */
function dataDirWith(text: string): string {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, "airlock"));
  writeFileSync(fileOf(dataDir), text);
  return dataDir;
}

function fileWith(protocols: unknown, more: object = {}): string {
  return JSON.stringify({ format: 1, protocols, ...more });
}

describe("what is remembered of protocols", () => {
  it("is there in the next run", async () => {
    const dataDir = temporaryFolder();
    await new ProtocolCache(dataDir).set(digest(1), 6);
    const next = new ProtocolCache(dataDir);
    expect(await next.get(digest(1))).toBe(6);
    expect(await next.get(digest(2))).toBeUndefined();
  });

  it("can be replaced and forgotten", async () => {
    const dataDir = temporaryFolder();
    const cache = new ProtocolCache(dataDir);
    await cache.set(digest(1), 6);
    await cache.set(digest(1), 5);
    await cache.set(digest(2), 5);
    await cache.forget(digest(2));
    await cache.forget(digest(3));
    const next = new ProtocolCache(dataDir);
    expect([await next.get(digest(1)), await next.get(digest(2))]).toEqual([5, undefined]);
  });

  it("is whole when several are learned at once, and leaves no other file", async () => {
    const dataDir = temporaryFolder();
    const cache = new ProtocolCache(dataDir);
    await Promise.all(Array.from({ length: 20 }, (_, n) => cache.set(digest(n), 5)));
    expect(readdirSync(join(dataDir, "airlock"))).toEqual(["protocols.json"]);
    expect(await new ProtocolCache(dataDir).get(digest(19))).toBe(5);
  });

  it.each([
    ["no JSON", "x"],
    ["another format", fileWith({ [digest(1)]: 5 }, { format: 2 })],
    ["a list", fileWith([5])],
    ["an unknown version", fileWith({ [digest(1)]: 5, [digest(2)]: 7 })],
    ["a version as text", fileWith({ [digest(1)]: "5" })],
    ["a key that is no digest", fileWith({ [digest(1)]: 5, x: 5 })],
    ["a key that reaches into prototypes", `{"format":1,"protocols":{"__proto__":5,"${digest(1)}":5}}`],
  ])("counts as nothing with %s, and is written anew", async (_, text) => {
    const dataDir = dataDirWith(text);
    const cache = new ProtocolCache(dataDir);
    expect(await cache.get(digest(1))).toBeUndefined();
    await cache.set(digest(1), 6);
    expect(await new ProtocolCache(dataDir).get(digest(1))).toBe(6);
  });

  it("may have 64 KiB and no more", async () => {
    const text = fileWith({ [digest(1)]: 5 });
    const size = 64 * 1024;
    expect(await new ProtocolCache(dataDirWith(text.padEnd(size))).get(digest(1))).toBe(5);
    expect(await new ProtocolCache(dataDirWith(text.padEnd(size + 1))).get(digest(1))).toBeUndefined();
  });

  it("holds the last five hundred", async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [digest(n), 5]));
    const dataDir = dataDirWith(fileWith(many));
    const cache = new ProtocolCache(dataDir);
    expect(await cache.get(digest(0))).toBe(5);
    await cache.set(digest(500), 6);
    const next = new ProtocolCache(dataDir);
    expect([await next.get(digest(0)), await next.get(digest(1)), await next.get(digest(500))]).toEqual([
      undefined,
      5,
      6,
    ]);
    const tooMany = fileWith({ ...many, [digest(500)]: 5 });
    expect(await new ProtocolCache(dataDirWith(tooMany)).get(digest(1))).toBeUndefined();
  });

  it("is not written through a link, and not at all where that is not possible", async () => {
    const victim = join(temporaryFolder({ victim: "precious" }), "victim");
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, "airlock"));
    symlinkSync(victim, fileOf(dataDir));
    await new ProtocolCache(dataDir).set(digest(1), 5);
    expect(readFileSync(victim, "utf8")).toBe("precious");
    const file = join(temporaryFolder({ file: "" }), "file");
    const cache = new ProtocolCache(file);
    await cache.set(digest(1), 5);
    expect(await cache.get(digest(1))).toBe(5);
    expect(existsSync(join(file, "airlock"))).toBe(false);
  });
});
