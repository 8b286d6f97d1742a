import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { Twins } from "./twins.js";

const NAMES = ["flag", "file", "named", "auto", "environment", "words", "own"];

const MAIN = withMockcloud(
  5,
  `
${NAMES.map((name) => `variable "${name}" {\n  default = "default"\n}`).join("\n")}
variable "asked" {}
variable "secret" {
  sensitive = true
  default   = { key = "hunter2" }
}
resource "mockcloud_instance" "a" {
  name     = "a"
  password = var.secret.key
  tags     = { ${[...NAMES, "asked"].map((name) => `${name} = var.${name}`).join(", ")} }
}
output "secret" {
  value     = var.secret
  sensitive = true
}
`,
);

await describeLive("values of variables", (core) => {
  it("come from all their places as without Airlock", async () => {
    const twins = await Twins.make(core, {
      files: {
        "main.tf": MAIN,
        "values.tfvars": `file = "of a file"\nsecret = { key = "of a file" }\n`,
        "terraform.tfvars": `named = "of terraform.tfvars"\nflag = "overridden"\n`,
        "more.auto.tfvars.json": `{ "auto": "of an auto file" }`,
      },
      env: () => ({
        TF_VAR_environment: "of the environment",
        TF_VAR_secret: `{ key = "overridden" }`,
        TF_CLI_ARGS: "-no-color",
        TF_CLI_ARGS_plan: `-var "words=of the plan's words" -lock=false`,
        TF_CLI_ARGS_apply: `-var own=apply -parallelism=1`,
      }),
    });
    await twins.init();
    const flags = ["-var", "flag=of a flag", "-var-file=values.tfvars"];
    const planned = await twins.run(["plan", ...flags, "-out=a.tfplan"], { input: "typed\n" });
    for (const text of ["of a flag", "of a file", "of terraform.tfvars", "of an auto file", "of the environment"]) {
      expect(planned.stdout).toContain(`"${text}"`);
    }
    expect(planned.stdout).toMatch(/"words" += "of the plan's words"/);
    expect(planned.stdout).toMatch(/"asked" += "typed"/);
    await twins.run(["plan", "-input=false", ...flags], { code: 1 });
    await twins.run(["plan", ...flags], { input: "", code: 1 });
    await twins.run(["validate"]);
    await twins.run(["apply", ...flags, "-var=asked=given"], { input: "yes\n" });
    await twins.run(["plan", "-detailed-exitcode", "-input=false", ...flags, "-var=asked=given"], { code: 2 });
  });

  it("may be asked for in an apply, before it asks whether to go on", async () => {
    const twins = await Twins.make(core, { files: { "main.tf": MAIN } });
    await twins.init();
    await twins.run(["apply", "-auto-approve"], { input: "typed\n" });
  });
});
