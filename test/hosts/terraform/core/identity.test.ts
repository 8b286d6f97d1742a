import { expect, it, describe } from "vitest";
import { askIdentity, checkAge, isAtLeast, readVersion } from "../../../../src/hosts/terraform/core/identity.js";
import { rejectedCode, thrownCode } from "../../../support/codes.js";
import { describeLive } from "../../../support/live/describe.js";
import { program } from "./programs.js";

const env = { PATH: process.env["PATH"] };

describe("what core says of itself", () => {
  it.each([
    ["OpenTofu v1.12.6\non linux_amd64\n", "tofu", "1.12.6"],
    ["Terraform v1.5.7\r\non windows_amd64\r\n", "terraform", "1.5.7"],
    ["╷\n│ Warning: OpenTofu v1.0.0 is bad\n╵\nOpenTofu v1.6.0-rc1\n", "tofu", "1.6.0-rc1"],
    ["Terraform v1.6.0-dev+x\n\nYour version is out of date! See Terraform v9.9.9\n", "terraform", "1.6.0-dev+x"],
  ])("%j is read", (text, name, version) => {
    expect(readVersion(text)).toEqual({ name, version });
  });

  it.each([
    "",
    "v1.5.7",
    "Terraform v1.5",
    "terraform v1.5.7",
    "Terragrunt v1.5.7",
    "x OpenTofu v1.6.0",
    "OpenTofu v1.6.0 x",
  ])("%j is not", (text) => {
    expect(readVersion(text)).toBeUndefined();
  });

  it("goes by the text, not by the name of the file", async () => {
    expect(await askIdentity(program("echo OpenTofu v1.7.1", "terraform"), env)).toEqual({
      name: "tofu",
      version: "1.7.1",
    });
  });

  it("is not changed by TF_CLI_ARGS, and asks nobody for newer versions", async () => {
    const path = program(
      '[ -z "$TF_CLI_ARGS$TF_CLI_ARGS_version" ] && [ "$CHECKPOINT_DISABLE" = 1 ] && echo OpenTofu v1.7.1',
    );
    const asked = askIdentity(path, { ...env, TF_CLI_ARGS: "-json", TF_CLI_ARGS_version: "-json" });
    expect((await asked).version).toBe("1.7.1");
  });

  it.each([
    ["fails", "echo Error: broken >&2; exit 3"],
    ["says something else", "echo hello"],
    ["says nothing", ":"],
    ["never stops talking", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"],
  ])("makes one that %s unusable", async (_what, script) => {
    expect(await rejectedCode(askIdentity(program(script), env))).toBe("CORE_UNUSABLE");
  });
});

describe("the age of core", () => {
  it.each([
    ["tofu", "1.6.0", true],
    ["tofu", "1.6.0-alpha1", true],
    ["tofu", "1.5.9", false],
    ["terraform", "1.3.0", true],
    ["terraform", "1.11.4", true],
    ["terraform", "2.0.0", true],
    ["terraform", "1.2.9", false],
    ["terraform", "0.15.5", false],
  ] as const)("%s %s: enough is %s", (name, version, enough) => {
    const check = () => checkAge("/core", { name, version });
    if (enough) expect(check()).toEqual({ name, version });
    else expect(thrownCode(check)).toBe("CORE_UNUSABLE");
  });

  it("is compared by number", () => {
    expect(isAtLeast({ name: "terraform", version: "1.10.0" }, 1, 9)).toBe(true);
    expect(isAtLeast({ name: "terraform", version: "1.9.0" }, 1, 10)).toBe(false);
    expect(isAtLeast({ name: "terraform", version: "2.0.0" }, 1, 10)).toBe(true);
  });
});

await describeLive("the identity of a real core", (core) => {
  it("is its name and version", async () => {
    const found = await askIdentity(core.path, env);
    expect(found.name).toBe(core.name);
    expect(found.version.split("-")[0]).toBe(core.version.split("-")[0]);
    expect(checkAge(core.path, found)).toBe(found);
  });
});
