import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deliver } from "../../../../src/hosts/terraform/stages/deliver.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";

const PLAN = "a plan";

/** A plan, and a folder to put it into. */
function plan(): { file: string; folder: string } {
  const root = temporaryFolder({ plan: PLAN });
  chmodSync(join(root, "plan"), 0o644);
  mkdirSync(join(root, "wanted"));
  return { file: join(root, "plan"), folder: join(root, "wanted") };
}

describe("a plan that was accepted", () => {
  it("is there as core made it, and nothing beside it", async () => {
    const { file, folder } = plan();
    await deliver(file, join(folder, "out"));
    expect(readFileSync(join(folder, "out"), "utf8")).toBe(PLAN);
    expect(statSync(join(folder, "out")).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("takes the place of a file and keeps its mode", async () => {
    const { file, folder } = plan();
    writeFileSync(join(folder, "out"), "an older and longer plan", { mode: 0o600 });
    await deliver(file, join(folder, "out"));
    expect(readFileSync(join(folder, "out"), "utf8")).toBe(PLAN);
    expect(statSync(join(folder, "out")).mode & 0o777).toBe(0o600);
  });

  it.each([true, false])("goes where a link leads (to a file: %s), and the link stays", async (isThere) => {
    const { file, folder } = plan();
    const real = join(folder, "real");
    if (isThere) writeFileSync(real, "old");
    symlinkSync(real, join(folder, "out"));
    await deliver(file, join(folder, "out"));
    expect(readFileSync(real, "utf8")).toBe(PLAN);
    expect(lstatSync(join(folder, "out")).isSymbolicLink()).toBe(true);
  });

  it("is written into what is no file, which stays what it is", async () => {
    const { file, folder } = plan();
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "inherit"] });
    let read = "";
    reader.stdout.setEncoding("utf8").on("data", (text: string) => (read += text));
    const closed = once(reader, "close");
    await deliver(file, pipe);
    await closed;
    expect(read).toBe(PLAN);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it("that cannot be written leaves nothing behind", async () => {
    const { file, folder } = plan();
    expect(await rejectedCode(deliver(file, join(folder, "missing", "out")))).toBe("ENOENT");
    expect(await rejectedCode(deliver(file, folder))).toBe("EISDIR");
    expect(await rejectedCode(deliver(join(folder, "no-plan"), join(folder, "out")))).toBe("ENOENT");
    expect(readdirSync(folder)).toEqual([]);
  });
});
