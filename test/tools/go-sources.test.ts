import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { canBuild } from "../support/live/tools.js";

const FOLDER = join(import.meta.dirname, "mockcloud");
const run = promisify(execFile);

describe.skipIf(!(await canBuild()))("the Go sources of mockcloud", { timeout: 120_000 }, () => {
  const env = { ...process.env, GOTOOLCHAIN: process.env["GOTOOLCHAIN"] ?? "auto", GOWORK: "off" };

  it("are formatted", async () => {
    expect((await run("gofmt", ["-l", "."], { cwd: FOLDER, env })).stdout).toBe("");
  });

  it("have nothing that go vet finds", async () => {
    await run("go", ["vet", "./..."], { cwd: FOLDER, env });
  });

  it("are small files", () => {
    for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".go"))) {
      expect(readFileSync(join(FOLDER, name), "utf8").split("\n").length, name).toBeLessThanOrEqual(210);
    }
  });
});
