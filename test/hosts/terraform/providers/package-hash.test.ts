import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesUnder, hashPackage } from "../../../../src/hosts/terraform/providers/package-hash.js";
import { temporaryFolder } from "../../../support/projects.js";

/** dirhash.Hash1 in the words of its own documentation: sha256sum $(find . -type f | sort) | sha256sum. */
function bySystem(folder: string): string {
  const script = "find . -type f | sed 's,^./,,' | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 sha256sum | sha256sum";
  const hex = execFileSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" }).split(" ")[0] ?? "";
  return `h1:${Buffer.from(hex, "hex").toString("base64")}`;
}

describe("the hash of a package", () => {
  it.skipIf(process.platform !== "linux")("is that of Go's dirhash", async () => {
    const folder = temporaryFolder({ "b.txt": "b", B: "", é: "x", "a b": "y", "￿": "1", "😀": "2" });
    mkdirSync(join(folder, "a", "c"), { recursive: true });
    writeFileSync(join(folder, "a", "c", "large"), Buffer.alloc(2 * 1024 * 1024 + 3, 7));
    writeFileSync(join(folder, "a.txt"), "before the folder, by its bytes");
    expect(await hashPackage(folder)).toBe(bySystem(folder));
  });

  it("of nothing is the one that core knows (emptyPackageHashV1)", async () => {
    expect(await hashPackage(temporaryFolder())).toBe("h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  });

  it("is the same through a link, with other modes, and with a link to a file in it", async () => {
    const folder = temporaryFolder({ one: "1" });
    const digest = await hashPackage(folder);
    const links = temporaryFolder();
    symlinkSync(folder, join(links, "package"));
    expect(await hashPackage(join(links, "package"))).toBe(digest);
    chmodSync(join(folder, "one"), 0o700);
    expect(await hashPackage(folder)).toBe(digest);
    symlinkSync(join(folder, "one"), join(links, "one"));
    mkdirSync(join(links, "inner"));
    symlinkSync(join(folder, "one"), join(links, "inner", "one"));
    expect(await hashPackage(join(links, "inner"))).toBe(digest);
  });

  it.each([
    [
      "another content",
      (folder: string) => {
        writeFileSync(join(folder, "one"), "2");
      },
    ],
    [
      "another file",
      (folder: string) => {
        writeFileSync(join(folder, "two"), "");
      },
    ],
    [
      "a shorter file",
      (folder: string) => {
        truncateSync(join(folder, "one"), 0);
      },
    ],
  ])("is another with %s", async (_, change) => {
    const folder = temporaryFolder({ one: "1" });
    const digest = await hashPackage(folder);
    change(folder);
    expect(await hashPackage(folder)).not.toBe(digest);
  });

  it("is none where a link leads to a folder or nowhere, or a FIFO waits", async () => {
    for (const target of ["/", "/does/not/exist"]) {
      const folder = temporaryFolder();
      symlinkSync(target, join(folder, "link"));
      await expect(hashPackage(folder)).rejects.toThrow();
    }
    const folder = temporaryFolder();
    execFileSync("mkfifo", [join(folder, "fifo")]);
    await expect(hashPackage(folder)).rejects.toThrow("no regular file");
  });

  it("is none where a file's name has a line end in it", async () => {
    await expect(hashPackage(temporaryFolder({ "a\nb": "" }))).rejects.toThrow("line end");
  });

  it("goes 32 folders deep and no deeper", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, ...Array<string>(32).fill("d")), { recursive: true });
    expect(await filesUnder(folder)).toEqual([]);
    mkdirSync(join(folder, ...Array<string>(33).fill("d")));
    await expect(filesUnder(folder)).rejects.toThrow("deeper");
  });
});
