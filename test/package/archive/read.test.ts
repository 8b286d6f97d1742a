import { createHash } from "node:crypto";
import { gzipSync as zlibGzip } from "node:zlib";
import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readArchive } from "../../../src/package/archive/read.js";
import { thrownCode } from "../../support/codes.js";
import { archiveOf, entry, file, gzipOf, packageEntries, packageFiles } from "./archives.js";

const codeOf = (bytes: Uint8Array): string => thrownCode(() => readArchive(bytes));
const withEntry = (...more: readonly Buffer[]): Uint8Array => gzipOf([...packageEntries(), ...more]);

describe("an archive", () => {
  it("is read with its manifest, its files and the digest of its bytes", () => {
    const bytes = archiveOf(packageFiles({}, file("docs/é.md", "text")));
    const { manifest, platform, files, entry: path, digest, size } = readArchive(bytes);
    expect(manifest).toMatchObject({ namespace: "acme", name: "sample", version: "1.0.0" });
    expect(platform).toBeNull();
    expect(path).toBe("main.js");
    expect(files.map((found) => found.path)).toEqual(["docs/é.md", "integration.json", "main.js"]);
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe("text");
    expect(digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    expect(size).toBe(bytes.length);
  });

  it("holds paths of up to 255 bytes, in the two parts that a header has", () => {
    const path = `${"a".repeat(80)}/${"b".repeat(70)}/${"c".repeat(100)}`;
    expect(readArchive(archiveOf(packageFiles({}, file(path, "x")))).files[0]?.path).toBe(path);
    expect(thrownCode(() => archiveOf([file(`${path}${"/d".repeat(10)}`)]))).toBe("PACKAGE_ARCHIVE_PATH");
  });

  it("is for the platform whose program it holds", () => {
    const platforms = { linux_amd64: "bin/linux", darwin_arm64: "bin/mac" };
    const changes = { kind: "executable", entry: undefined, platforms };
    const packed = archiveOf(packageFiles(changes, file("bin/mac", "#!", 0o755)));
    expect(readArchive(packed)).toMatchObject({ platform: "darwin_arm64", entry: "bin/mac" });
    const both = packageFiles(changes, file("bin/mac", "#!", 0o755), file("bin/linux", "#!", 0o755));
    expect(codeOf(archiveOf(both))).toBe("PACKAGE_ENTRY_MISSING");
    expect(codeOf(archiveOf(packageFiles(changes)))).toBe("PACKAGE_ENTRY_MISSING");
    expect(codeOf(archiveOf(packageFiles(changes, file("bin/mac", "#!"))))).toBe("PACKAGE_ARCHIVE_NOT_CANONICAL");
  });
});

describe("refused is", () => {
  it("what is no gzip file, or a part of one", () => {
    const whole = archiveOf(packageFiles());
    expect(codeOf(Buffer.from("<html>"))).toBe("PACKAGE_ARCHIVE_MALFORMED");
    expect(codeOf(new Uint8Array())).toBe("PACKAGE_ARCHIVE_MALFORMED");
    for (let length = 0; length < whole.length; length += 1) {
      expect(codeOf(whole.subarray(0, length))).toBe("PACKAGE_ARCHIVE_MALFORMED");
    }
  });

  it("a checksum that does not fit", () => {
    const bytes = Buffer.from(archiveOf(packageFiles()));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 6) ^ 1, bytes.length - 6);
    expect(codeOf(bytes)).toBe("PACKAGE_ARCHIVE_MALFORMED");
  });

  it("anything behind the end, of the gzip file or of the archive", () => {
    const whole = Buffer.from(archiveOf(packageFiles()));
    expect(codeOf(Buffer.concat([whole, Buffer.from("x")]))).toBe("PACKAGE_ARCHIVE_TRAILING");
    expect(codeOf(Buffer.concat([whole, whole]))).toBe("PACKAGE_ARCHIVE_TRAILING");
    expect(codeOf(gzipOf(packageEntries(), Buffer.alloc(1536)))).toBe("PACKAGE_ARCHIVE_TRAILING");
    const hidden = Buffer.concat([Buffer.alloc(1024), entry("evil.js", "x")]);
    expect(codeOf(gzipOf(packageEntries(), hidden))).toBe("PACKAGE_ARCHIVE_TRAILING");
  });

  it("a gzip header with a time or a name, and one of another compressor", () => {
    const tar = Buffer.concat([...packageEntries(), Buffer.alloc(1024)]);
    expect(codeOf(gzipSync(tar, { level: 6, mtime: 1_000_000_000_000 }))).toBe("PACKAGE_ARCHIVE_NOT_CANONICAL");
    expect(codeOf(gzipSync(tar, { level: 6, mtime: 0, filename: "x.tar" }))).toBe("PACKAGE_ARCHIVE_NOT_CANONICAL");
    expect(codeOf(zlibGzip(tar, { level: 9 }))).toBe("PACKAGE_ARCHIVE_NOT_CANONICAL");
  });

  it("a missing end, and one that is half as long", () => {
    expect(codeOf(gzipOf(packageEntries(), Buffer.alloc(0)))).toBe("PACKAGE_ARCHIVE_MALFORMED");
    expect(codeOf(gzipOf(packageEntries(), Buffer.alloc(512)))).toBe("PACKAGE_ARCHIVE_MALFORMED");
  });

  it.each(["1", "2", "3", "4", "5", "6"])("an entry of type %s: links, devices, folders", (type) => {
    const link = entry("zz", "", (header) => {
      header.write(type, 156);
      header.write("/etc/passwd", 157);
    });
    expect(codeOf(withEntry(link))).toBe("PACKAGE_ARCHIVE_LINK");
  });

  it.each(["x", "g", "L", "K", "S", "N", "7", "\u0000"])("an entry of type %j: extensions of tar", (type) => {
    const extended = entry("zz", "12 path=a\n", (header) => {
      header.write(type, 156);
    });
    expect(codeOf(withEntry(extended))).toBe("PACKAGE_ARCHIVE_EXTENSION");
  });

  it("the form of GNU tar, and sizes as it writes them", () => {
    const gnu = entry("zz", "", (header) => {
      header.write("ustar  \u0000", 257);
    });
    expect(codeOf(withEntry(gnu))).toBe("PACKAGE_ARCHIVE_EXTENSION");
    const large = entry("zz", "", (header) => {
      header.writeUInt8(0x80, 124);
    });
    expect(codeOf(withEntry(large))).toBe("PACKAGE_ARCHIVE_EXTENSION");
  });

  it.each([
    ["an owner", 108, "0000001"],
    ["a group", 116, "0000001"],
    ["a time", 136, "14000000000"],
    ["another mode", 100, "0000777"],
    ["the name of an owner", 265, "root"],
    ["the target of a link", 157, "x"],
    ["a device number", 329, "0000001"],
    ["bytes behind its path", 50, "hidden"],
  ])("an entry with %s", (_what, at, text) => {
    const odd = entry("zz", "", (header) => {
      header.write(text, at);
    });
    expect(codeOf(withEntry(odd))).toBe("PACKAGE_ARCHIVE_NOT_CANONICAL");
  });

  it("bytes in the padding", () => {
    const padded = entry("zz", "x");
    padded.writeUInt8(1, 1023);
    expect(codeOf(withEntry(padded))).toBe("PACKAGE_ARCHIVE_NOT_CANONICAL");
  });

  it("files in another order, and one that is there twice", () => {
    expect(codeOf(gzipOf(packageEntries().reverse()))).toBe("PACKAGE_ARCHIVE_NOT_CANONICAL");
    expect(codeOf(withEntry(entry("main.js", "evil")))).toBe("PACKAGE_ARCHIVE_COLLISION");
  });

  it("a size that leads behind the end, or is none", () => {
    const sized = (text: string): Buffer =>
      entry("zz", "", (header) => {
        header.write(text, 124);
      });
    expect(codeOf(withEntry(sized("00000077777")))).toBe("PACKAGE_ARCHIVE_MALFORMED");
    expect(codeOf(withEntry(sized("77777777777")))).toBe("PACKAGE_ARCHIVE_TOO_LARGE");
    expect(codeOf(withEntry(sized("-0000000001")))).toBe("PACKAGE_ARCHIVE_MALFORMED");
  });

  it("an archive without a manifest, with one that cannot be published, and without its entry", () => {
    expect(codeOf(archiveOf([file("main.js")]))).toBe("PACKAGE_ARCHIVE_NO_MANIFEST");
    expect(codeOf(archiveOf(packageFiles({ unknown: 1 })))).toBe("PACKAGE_MANIFEST_INVALID");
    expect(codeOf(archiveOf(packageFiles({ entry: "other.js" })))).toBe("PACKAGE_ENTRY_MISSING");
    expect(codeOf(archiveOf(packageFiles({ kind: "wasm" })))).toBe("PACKAGE_NOT_WASM");
  });

  it.each([
    { namespace: undefined },
    { namespace: "Acme" },
    { name: "../x" },
    { name: "" },
    { version: "1.0" },
    { version: "1.0.0+build" },
    { version: "01.0.0" },
    { version: "v1.0.0" },
    { version: "1.0.0-" },
    { version: `1.0.0-${"a".repeat(80)}` },
  ])("a manifest with %o", (changes) => {
    expect(codeOf(archiveOf(packageFiles(changes)))).toBe("PACKAGE_IDENTITY_INVALID");
  });
});
