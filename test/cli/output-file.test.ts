import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOutput, writeOutput } from "../../src/cli/output-file.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airlock-output-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("writing a report to a file", () => {
  it("makes a new file or replaces an old one", async () => {
    const path = join(folder, "report");
    await writeOutput(path, "old and long");
    await writeOutput(path, "new");
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["report"]);
  });

  it("writes through a link", async () => {
    await writeFile(join(folder, "real"), "old");
    await symlink("real", join(folder, "link"));
    await writeOutput(join(folder, "link"), "new");
    expect(await readFile(join(folder, "real"), "utf8")).toBe("new");
  });

  it("refuses a folder and a device, and leaves them alone", async () => {
    for (const path of [folder, "/dev/null"]) {
      await expect(writeOutput(path, "x")).rejects.toMatchObject({ code: "CLI_OUTPUT" });
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses a folder that does not exist", async () => {
    await expect(writeOutput(join(folder, "none", "report"), "x")).rejects.toMatchObject({ code: "CLI_OUTPUT" });
  });
});

describe("looking beforehand whether a report can be written", () => {
  it("finds nothing wrong with a file that is there or not, and makes none", async () => {
    await writeFile(join(folder, "old"), "old");
    await checkOutput(join(folder, "old"));
    await checkOutput(join(folder, "new"));
    expect(await readdir(folder)).toEqual(["old"]);
  });

  it("tells of a folder that is not there, and of what is no file", async () => {
    for (const path of [join(folder, "none", "report"), folder, "/dev/null"]) {
      await expect(checkOutput(path)).rejects.toMatchObject({ code: "CLI_OUTPUT" });
    }
  });
});
