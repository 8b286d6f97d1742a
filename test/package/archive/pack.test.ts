import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packFolder } from "../../../src/package/archive/pack.js";
import { readArchive } from "../../../src/package/archive/read.js";
import { unpackArchive } from "../../../src/package/archive/unpack.js";
import { rejectedCode } from "../../support/codes.js";
import { useFolder } from "../folder.js";

const { at, write, manifest } = useFolder();

function sample(name = "pkg", changes: Record<string, unknown> = {}): string {
  manifest(name, { namespace: "acme", kind: "js", entry: "main.js", ...changes });
  write(`${name}/main.js`, "export {};");
  write(`${name}/LICENSE`, "free");
  write(`${name}/src/main.ts`, "export {};");
  write(`${name}/.env`, "SECRET=1");
  return at(name);
}

const pathsOf = async (folder: string): Promise<string[]> =>
  readArchive((await packFolder(folder)).bytes).files.map(({ path }) => path);

describe("packing a folder", () => {
  it("gives the same bytes whatever times, modes and order the files have", async () => {
    const one = await packFolder(sample("one"));
    write("two/src/main.ts", "export {};");
    const folder = sample("two");
    chmodSync(at("two/main.js"), 0o700);
    utimesSync(at("two/LICENSE"), 1, 1);
    const zone = process.env["TZ"];
    process.env["TZ"] = "Pacific/Kiritimati";
    const umask = process.umask(0o077);
    try {
      expect((await packFolder(folder)).digest).toBe(one.digest);
    } finally {
      process.umask(umask);
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
    expect(one.fileName).toBe("sample_1.0.0.tar.gz");
  });

  it("leaves out what is hidden, and what packing wrote", async () => {
    const folder = sample();
    write("pkg/sample_1.0.0.tar.gz", "x");
    write("pkg/sample_1.0.0.tar.gz.sigstore.json", "x");
    expect(await pathsOf(folder)).toEqual(["LICENSE", "integration.json", "main.js", "src/main.ts"]);
  });

  it("takes what files names, and what every package has", async () => {
    const folder = sample("pkg", { files: ["data", "*.txt"] });
    write("pkg/data/a.json", "{}");
    write("pkg/b.txt", "b");
    write("pkg/sbom.json", "{}");
    expect(await pathsOf(folder)).toEqual([
      "LICENSE",
      "b.txt",
      "data/a.json",
      "integration.json",
      "main.js",
      "sbom.json",
    ]);
    expect(await rejectedCode(packFolder(sample("other", { files: ["nothing"] })))).toBe("PACKAGE_MANIFEST_INVALID");
  });

  it("refuses links, and names that collide", async () => {
    const folder = sample();
    symlinkSync("/etc/passwd", at("pkg/link"));
    expect(await rejectedCode(packFolder(folder))).toBe("PACKAGE_ARCHIVE_LINK");
    const other = sample("other");
    write("other/README", "a");
    write("other/readme", "b");
    if (readdirSync(other).includes("readme"))
      expect(await rejectedCode(packFolder(other))).toBe("PACKAGE_ARCHIVE_COLLISION");
  });

  it("packs one archive for each platform, with its program alone", async () => {
    const platforms = { linux_amd64: "bin/linux", windows_amd64: "bin/win.exe" };
    const folder = sample("pkg", { kind: "executable", entry: undefined, platforms });
    write("pkg/bin/linux", "#!", 0o755);
    write("pkg/bin/win.exe", "MZ");
    const packed = await packFolder(folder, { platform: "windows_amd64" });
    expect(packed.fileName).toBe("sample_1.0.0_windows_amd64.tar.gz");
    const { files, entry, platform } = readArchive(packed.bytes);
    expect([entry, platform]).toEqual(["bin/win.exe", "windows_amd64"]);
    expect(files.find(({ path }) => path === entry)?.mode).toBe(0o755);
    expect(files.map(({ path }) => path)).not.toContain("bin/linux");
    expect(await rejectedCode(packFolder(folder))).toBe("PACKAGE_PLATFORM_MISSING");
    expect(await rejectedCode(packFolder(folder, { platform: "linux_arm64" }))).toBe("PACKAGE_PLATFORM_MISSING");
  });
});

describe("unpacking", () => {
  it("gives the files with their modes, and leaves a folder that is there", async () => {
    const folder = sample("pkg", { kind: "executable", entry: "main.js" });
    const { bytes } = await packFolder(folder);
    await unpackArchive(bytes, at("out"));
    await unpackArchive(bytes, at("out"));
    expect(readFileSync(at("out/src/main.ts"), "utf8")).toBe("export {};");
    expect(statSync(at("out/main.js")).mode & 0o777).toBe(0o755);
    expect(readdirSync(at(".")).sort()).toEqual(["out", "pkg"]);
  });

  it("leaves nothing behind when it fails", async () => {
    const { bytes } = await packFolder(sample());
    write("file", "x");
    expect(await rejectedCode(unpackArchive(bytes, at("file/out")))).toBe("PACKAGE_UNPACK_FAILED");
    expect(await rejectedCode(unpackArchive(bytes.subarray(1), at("out")))).toBe("PACKAGE_ARCHIVE_MALFORMED");
    expect(readdirSync(at(".")).sort()).toEqual(["file", "pkg"]);
  });
});
