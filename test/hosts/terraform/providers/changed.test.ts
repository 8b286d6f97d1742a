import { copyFileSync, mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ProviderProcess } from "../../../../src/hosts/terraform/providers/provider-process.js";
import { programState } from "../../../../src/hosts/terraform/providers/unchanged.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { fakeProvider, program } from "./packages.js";
import { startOf } from "./processes.js";

/** A program that was verified, in a folder `package` that is reached through the link `link`. */
async function verified(text = fakeProvider()) {
  const folder = temporaryFolder();
  program(join(folder, "package", "terraform-provider-cloud"), text);
  symlinkSync("package", join(folder, "link"));
  const path = join(folder, "link", "terraform-provider-cloud");
  return { folder, path, state: await programState(path) };
}

/** Puts another folder in place of the package for a moment. */
function swapAndBack(folder: string): void {
  const at = (name: string) => join(folder, name);
  mkdirSync(at("evil"));
  renameSync(at("package"), at("kept"));
  renameSync(at("evil"), at("package"));
  renameSync(at("package"), at("evil"));
  renameSync(at("kept"), at("package"));
}

describe("a program that was verified", () => {
  it("is started while it is the same", async () => {
    const { path, state } = await verified();
    const provider = await ProviderProcess.start(await startOf(path, { state }));
    await provider.stop();
  });

  it.each([
    [
      "was written to",
      (_: string, path: string) => {
        writeFileSync(path, fakeProvider({ more: "//" }));
      },
    ],
    [
      "was exchanged for one of the same content",
      (_: string, path: string) => {
        copyFileSync(path, `${path}.new`);
        renameSync(`${path}.new`, path);
      },
    ],
    ["is in a folder that was exchanged, and put back", swapAndBack],
    [
      "is reached by another link",
      (folder: string) => {
        unlinkSync(join(folder, "link"));
        symlinkSync("package", join(folder, "link"));
      },
    ],
    [
      "was taken away",
      (_: string, path: string) => {
        renameSync(path, `${path}.old`);
      },
    ],
  ])("does not run when it %s", async (_, change) => {
    const { folder, path, state } = await verified();
    change(folder, path);
    const start = await startOf(path, { state });
    expect(await rejectedCode(ProviderProcess.start(start))).toBe("PROVIDER_CHANGED");
    expect(start.watch.told).toEqual([]);
  });

  it("is stopped when it was exchanged while it started", async () => {
    const swap = `const { renameSync, writeFileSync } = require("node:fs");
      writeFileSync(__filename + ".new", "");
      renameSync(__filename + ".new", __filename);`;
    const { path, state } = await verified(fakeProvider({ more: swap }));
    const start = await startOf(path, { state });
    expect(await rejectedCode(ProviderProcess.start(start))).toBe("PROVIDER_CHANGED");
    expect(start.watch.told).toEqual(["? p1", "+ p1", "-"]);
  });
});
