import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPaths, comparePaths, pathProblem } from "../../../src/package/archive/paths.js";
import { readArchive } from "../../../src/package/archive/read.js";
import { thrownCode } from "../../support/codes.js";
import { archiveOf, entry, file, gzipOf, packageEntries, packageFiles } from "./archives.js";

describe("a path in an archive", () => {
  it.each(["main.js", "a/b/c.txt", "é/ü.md", "日本/語", "con2", "comma.txt", "..a", "a..b", "a/b.c/d", "😀"])(
    "may be %j",
    (path) => {
      expect(pathProblem(path)).toBeNull();
    },
  );

  it.each([
    ...[
      "",
      "/etc/passwd",
      "../x",
      "a/../b",
      "..",
      ".",
      "./a",
      "a/.",
      "a//b",
      "a/",
      "C:/x",
      "C:x",
      "\\\\host\\x",
      "a\\b",
    ],
    ...["a\u0000b", "a\nb", "a\u001b[31m", "\u202egpj.exe", "a\u200bb", "\ufeffa", "a\u007f", "\ud800"],
    ...["con", "CON", "Nul.txt", "aux.tar.gz", "com1", "lpt9.x", "COM¹", "conin$", "a/prn/b", "nul .txt", "con."],
    ...["a.", "a ", "a./b", "a /b", 'a"', "a?b", "a*b", "a<b", "a>b", "a|b", "a:b", "file.txt:stream"],
    ...["e\u0301", "\u212b", "x/".repeat(33) + "y", "a".repeat(101), `${"a".repeat(156)}/b`],
  ])("may not be %j, on either side", (path) => {
    expect(pathProblem(path)).not.toBeNull();
    expect(thrownCode(() => archiveOf(packageFiles({}, file(path))))).toBe("PACKAGE_ARCHIVE_PATH");
  });

  it.each(["/etc/passwd", "../x", "a/../b", "a\\b", "con", "e\u0301"])("is refused in an archive, too: %j", (path) => {
    const put = entry("zz", "", (header) => {
      header.fill(0, 0, 100);
      header.write(path, 0);
    });
    expect(thrownCode(() => readArchive(gzipOf([...packageEntries(), put])))).toBe("PACKAGE_ARCHIVE_PATH");
  });

  it("is refused when it is not UTF-8", () => {
    const put = entry("zz", "", (header) => {
      header.writeUInt8(0xff, 0);
    });
    expect(thrownCode(() => readArchive(gzipOf([...packageEntries(), put])))).toBe("PACKAGE_ARCHIVE_PATH");
  });
});

describe("two paths", () => {
  it.each([
    ["a.txt", "A.TXT"],
    ["dir/a", "Dir/b"],
    ["a", "a/b"],
    ["A/b", "a"],
    ["straße", "STRASSE"],
    ["ﬁle", "file"],
    ["ſ", "s"],
    ["Ⅸ", "IX"],
    ["é", "É"],
    ["x", "x"],
    ["Σ", "ς"],
  ])("collide: %j and %j", (one, other) => {
    expect(
      thrownCode(() => {
        checkPaths([one, other]);
      }),
    ).toBe("PACKAGE_ARCHIVE_COLLISION");
    expect(
      thrownCode(() => {
        checkPaths([other, one]);
      }),
    ).toBe("PACKAGE_ARCHIVE_COLLISION");
  });

  it.each([
    ["a", "b"],
    ["a/b", "a/c"],
    ["a-b", "a/b"],
    ["é", "e"],
  ])("do not: %j and %j", (one, other) => {
    expect(() => {
      checkPaths([one, other]);
    }).not.toThrow();
  });
});

it("any set of files is read back as it was packed, or refused with a code", () => {
  const path = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "B", "/", ".", " ", "é", "Z"), minLength: 1, maxLength: 12 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.dictionary(path, fc.string(), { maxKeys: 6 }), (extra) => {
      const files = packageFiles({}, ...Object.entries(extra).map(([name, text]) => file(name, text)));
      let bytes: Uint8Array;
      try {
        bytes = archiveOf(files);
      } catch (error) {
        expect(error).toHaveProperty("code", expect.stringMatching(/^PACKAGE_ARCHIVE_(?:PATH|COLLISION)$/));
        return;
      }
      const expected = [...files].sort((a, b) => comparePaths(a.path, b.path));
      expect(readArchive(bytes).files.map((read) => [read.path, Buffer.from(read.bytes).toString()])).toEqual(
        expected.map((put) => [put.path, Buffer.from(put.bytes).toString()]),
      );
      expect(Buffer.compare(Buffer.from(archiveOf([...files].reverse())), Buffer.from(bytes))).toBe(0);
    }),
  );
});
