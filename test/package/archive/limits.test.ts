import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { ARCHIVE_LIMITS, mayGrowTo } from "../../../src/package/archive/limits.js";
import { readArchive } from "../../../src/package/archive/read.js";
import { fileHeader } from "../../../src/package/archive/tar-header.js";
import { thrownCode } from "../../support/codes.js";
import { archiveOf, file, gzipOf, packageEntries, packageFiles } from "./archives.js";

const MIB = 1024 * 1024;
const codeOf = (bytes: Uint8Array): string => thrownCode(() => readArchive(bytes));

describe("the limits of archives", () => {
  it("take as many files as allowed, and no more", () => {
    const many = (count: number) => packageFiles({}, ...Array.from({ length: count - 2 }, (_, at) => file(`f/${at}`)));
    const { files } = readArchive(archiveOf(many(ARCHIVE_LIMITS.files)));
    expect(files).toHaveLength(ARCHIVE_LIMITS.files);
    const oneMore = [
      ...packageEntries(),
      ...many(ARCHIVE_LIMITS.files + 1)
        .slice(2)
        .map(({ path }) => fileHeader(path, 0o644, 0)),
    ];
    expect(codeOf(gzipOf(oneMore))).toBe("PACKAGE_ARCHIVE_TOO_MANY_FILES");
    expect(thrownCode(() => archiveOf(many(ARCHIVE_LIMITS.files + 1)))).toBe("PACKAGE_ARCHIVE_TOO_MANY_FILES");
  });

  it("take what grows to 200 times its size, and refuse a bomb before it is unpacked", () => {
    const padded = packageFiles({}, file("text", "ab".repeat(MIB / 4)));
    expect(readArchive(archiveOf(padded)).files).toHaveLength(3);
    const bomb = gzipSync(new Uint8Array(64 * MIB), { level: 9, mtime: 0 });
    bomb[8] = 0;
    const before = process.memoryUsage().arrayBuffers;
    expect(codeOf(bomb)).toBe("PACKAGE_ARCHIVE_RATIO");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * MIB);
    expect(thrownCode(() => readArchive(archiveOf(packageFiles({}, file("zeros", "\u0000".repeat(20 * MIB))))))).toBe(
      "PACKAGE_ARCHIVE_RATIO",
    );
  });

  it("say how much an archive may grow", () => {
    expect(mayGrowTo(100)).toBe(MIB);
    expect(mayGrowTo(MIB)).toBe(200 * MIB);
    expect(mayGrowTo(100 * MIB)).toBe(512 * MIB);
  });

  it("refuse an archive by its size alone", () => {
    expect(codeOf(new Uint8Array(ARCHIVE_LIMITS.archiveBytes + 1))).toBe("PACKAGE_ARCHIVE_TOO_LARGE");
    expect(codeOf(new Uint8Array(ARCHIVE_LIMITS.archiveBytes))).toBe("PACKAGE_ARCHIVE_MALFORMED");
  });

  it("refuse a file by its size", () => {
    const claims = fileHeader("zz", 0o644, ARCHIVE_LIMITS.fileBytes + 1);
    expect(codeOf(gzipOf([...packageEntries(), claims]))).toBe("PACKAGE_ARCHIVE_TOO_LARGE");
  });
});
