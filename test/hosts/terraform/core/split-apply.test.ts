import { describe, expect, it } from "vitest";
import { CoreArguments } from "../../../../src/hosts/terraform/core/core-arguments.js";
import type { CoreIdentity } from "../../../../src/hosts/terraform/core/identity.js";
import { splitApply } from "../../../../src/hosts/terraform/core/split-apply.js";
import { thrownCode } from "../../../support/codes.js";

const TOFU: CoreIdentity = { name: "tofu", version: "1.12.6" };
const TERRAFORM: CoreIdentity = { name: "terraform", version: "1.5.7" };

function split(line: string, core = TERRAFORM): [string, string] {
  const { plan, apply } = splitApply(CoreArguments.parse(line.split(" "), {}), core);
  return [plan.toArgv().join(" "), apply.toArgv().join(" ")];
}

describe("an apply without plan file", () => {
  it("gives both what both take", () => {
    const both =
      "-lock=false -lock-timeout=3s -parallelism=3 -no-color -input=false -compact-warnings -json -state=s " +
      "-state-out=t -backup=u -show-sensitive -concise";
    expect(split(`-chdir=x apply ${both}`)).toEqual([`-chdir=x plan ${both}`, `-chdir=x apply ${both}`]);
  });

  it("gives plan alone what shapes the plan", () => {
    const planning =
      "-target=a.b -target c.d -replace=a.b -refresh=false -exclude=a.b -target-file=x -exclude-file=y -destroy -refresh-only";
    expect(split(`apply ${planning}`)).toEqual([`plan ${planning}`, "apply"]);
  });

  it("gives apply alone what only it has, and to neither the approval", () => {
    expect(split("apply -auto-approve -suppress-forget-errors -json")).toEqual([
      "plan -json",
      "apply -suppress-forget-errors -json",
    ]);
  });

  it("keeps the spelling", () => {
    expect(split("apply --parallelism 3 --target a.b -lock")).toEqual([
      "plan --parallelism 3 --target a.b -lock",
      "apply --parallelism 3 -lock",
    ]);
  });

  it("gives apply the variables where a saved plan may be applied with them", () => {
    const line = "apply -var=a=b -var-file=c";
    expect(split(line, TERRAFORM)[1]).toBe("apply");
    expect(split(line, { name: "terraform", version: "1.9.8" })[1]).toBe("apply");
    expect(split(line, { name: "terraform", version: "1.10.0" })[1]).toBe(line);
    expect(split(line, { name: "tofu", version: "1.8.9" })[1]).toBe("apply");
    expect(split(line, TOFU)[1]).toBe(line);
    expect(split(line, TOFU)[0]).toBe("plan -var=a=b -var-file=c");
  });

  it("leaves it to plan to refuse what core does not know", () => {
    expect(split("apply -nothing=1 -json")).toEqual(["plan -nothing=1 -json", "apply -json"]);
  });

  it.each(["-out=x", "-detailed-exitcode", "-generate-config-out=x"])("has no flag %s, though plan has", (flag) => {
    expect(thrownCode(() => split(`apply ${flag}`))).toBe("CORE_ARGUMENTS");
  });
});

describe("a destroy", () => {
  it("plans to destroy", () => {
    expect(split("destroy -auto-approve -target=a.b -json")).toEqual([
      "plan -target=a.b -json -destroy",
      "apply -json",
    ]);
    expect(split("destroy -destroy")[0]).toBe("plan -destroy");
    expect(split("destroy -destroy=false")[0]).toBe("plan -destroy=false -destroy");
  });
});
