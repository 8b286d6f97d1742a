import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { findCore } from "../../../../src/hosts/terraform/core/find-core.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { program, programIn } from "./programs.js";

const cwd = process.cwd();
const path = (...folders: string[]): string => folders.join(delimiter);

describe("core", () => {
  it("is tofu before terraform, wherever on PATH they are", async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    const terraform = programIn(one, "", "terraform");
    expect((await findCore({ env: { PATH: path(one, other) }, cwd })).path).toBe(terraform);
    const tofu = programIn(other, "", "tofu");
    expect((await findCore({ env: { PATH: path(one, other) }, cwd })).path).toBe(tofu);
  });

  it("is what AIRLOCK_CORE names, and before that what --core names", async () => {
    const folder = temporaryFolder();
    programIn(folder, "", "tofu");
    const mine = programIn(folder, "", "mine");
    const given = program("");
    const env = { PATH: folder, AIRLOCK_CORE: "mine" };
    expect((await findCore({ env, cwd })).path).toBe(mine);
    expect((await findCore({ env: { PATH: folder, AIRLOCK_CORE: mine }, cwd })).path).toBe(mine);
    expect((await findCore({ option: given, env, cwd })).path).toBe(given);
  });

  it("is found by a path relative to the working directory", async () => {
    const folder = temporaryFolder();
    const given = programIn(folder, "");
    expect((await findCore({ option: "./core", env: {}, cwd: folder })).path).toBe(given);
  });

  it("is not what was not named, when what was named is missing", async () => {
    const folder = temporaryFolder();
    programIn(folder, "", "tofu");
    const env = { PATH: folder };
    expect(await rejectedCode(findCore({ option: "other", env, cwd }))).toBe("CORE_NOT_FOUND");
    expect(await rejectedCode(findCore({ option: "", env, cwd }))).toBe("CORE_NOT_FOUND");
    expect(await rejectedCode(findCore({ option: join(folder, "other"), env, cwd }))).toBe("CORE_NOT_FOUND");
    expect(await rejectedCode(findCore({ env: { ...env, AIRLOCK_CORE: "other" }, cwd }))).toBe("CORE_NOT_FOUND");
  });

  it("is looked for in absolute folders of PATH only", async () => {
    const folder = temporaryFolder();
    programIn(folder, "", "tofu");
    const env = { PATH: path("", ".", relative(cwd, folder)) };
    expect(await rejectedCode(findCore({ env, cwd }))).toBe("CORE_NOT_FOUND");
    expect(await rejectedCode(findCore({ option: "tofu", env, cwd }))).toBe("CORE_NOT_FOUND");
    expect(await rejectedCode(findCore({ env: {}, cwd }))).toBe("CORE_NOT_FOUND");
  });

  it("must be a file that may be executed", async () => {
    const folder = temporaryFolder({ terraform: "#!/bin/sh\n" });
    mkdirSync(join(folder, "tofu"));
    const env = { PATH: folder };
    expect(await rejectedCode(findCore({ env, cwd }))).toBe("CORE_NOT_EXECUTABLE");
    expect(await rejectedCode(findCore({ option: "terraform", env, cwd }))).toBe("CORE_NOT_EXECUTABLE");
    expect(await rejectedCode(findCore({ option: join(folder, "terraform"), env, cwd }))).toBe("CORE_NOT_EXECUTABLE");
    expect(await rejectedCode(findCore({ option: join(folder, "tofu"), env, cwd }))).toBe("CORE_NOT_FOUND");
  });
});

describe("the identity of core", () => {
  it("is asked when it is wanted, and once", async () => {
    const folder = temporaryFolder();
    const told = join(folder, "told");
    const option = programIn(folder, `echo asked >> ${told}; echo OpenTofu v1.9.0`);
    const core = await findCore({ option, env: { PATH: process.env["PATH"] }, cwd });
    writeFileSync(told, "");
    expect(await core.identity()).toEqual({ name: "tofu", version: "1.9.0" });
    programIn(folder, "echo Terraform v1.9.0");
    expect(await core.identity()).toEqual({ name: "tofu", version: "1.9.0" });
  });

  it("is refused of a core that is too old", async () => {
    const core = await findCore({ option: program("echo Terraform v1.2.9"), env: {}, cwd });
    expect(await rejectedCode(core.identity())).toBe("CORE_UNUSABLE");
  });
});
