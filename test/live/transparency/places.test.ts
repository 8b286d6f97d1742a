import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { OBSERVED } from "./guests.js";
import { Twins } from "./twins.js";

const MAIN = withMockcloud(
  6,
  `
variable "size" {
  default = "small"
}
resource "mockcloud_instance" "a" {
  name = "\${terraform.workspace}-\${basename(path.cwd)}-\${path.root}-\${path.module}"
  size = var.size
}
`,
);

/** The observer, for a root module in a folder of the project. */
const OBSERVED_BELOW = Object.fromEntries(Object.entries(OBSERVED).map(([name, text]) => [`root/${name}`, text]));

await describeLive("a run in another place", (core) => {
  it("in a workspace is as without Airlock", async () => {
    const twins = await Twins.make(core, { files: { "main.tf": MAIN } });
    await twins.init();
    await twins.run(["workspace", "new", "other"], { judged: false });
    await twins.run(["apply"], { input: "yes\n" });
    await twins.run(["workspace", "select", "default"], { judged: false });
    await twins.run(["apply", "-auto-approve"]);
    await twins.run(["plan", "-var=size=large"], { env: { TF_WORKSPACE: "other" } });
    await twins.run(["destroy"], { env: { TF_WORKSPACE: "other" }, input: "no\n", code: 1 });
    await twins.run(["workspace", "list"], { judged: false });
    expect(existsSync(join(twins.airlock.folder, "terraform.tfstate.d/other/terraform.tfstate"))).toBe(true);
  });

  it("by -chdir, with a data folder of its own, is as without Airlock", async () => {
    const twins = await Twins.make(core, {
      files: { "root/main.tf": MAIN, "size.tfvars": `size = "large"\n`, "root/size.tfvars": `size = "medium"\n` },
      ours: OBSERVED_BELOW,
      env: () => ({ TF_DATA_DIR: "data/of/core" }),
    });
    const chdir = "-chdir=root";
    await twins.run([chdir, "init"]);
    await twins.run([chdir, "plan", "-var-file=size.tfvars", "-out=a.tfplan"]);
    expect(existsSync(join(twins.airlock.folder, "root/a.tfplan"))).toBe(true);
    await twins.run([chdir, "apply", "a.tfplan"]);
    mkdirSync(join(twins.plain.folder, "beside"));
    mkdirSync(join(twins.airlock.folder, "beside"));
    await twins.run(["-chdir=../root", "plan", "-detailed-exitcode"], { below: "beside", code: 2 });
    await twins.run([chdir, "destroy", "-auto-approve"]);
  });

  it("with a state of another name is as without Airlock", async () => {
    const twins = await Twins.make(core, { files: { "main.tf": MAIN } });
    await twins.init();
    mkdirSync(join(twins.plain.folder, "kept"));
    mkdirSync(join(twins.airlock.folder, "kept"));
    const state = "-state=kept/one.tfstate";
    await twins.run(["plan", state]);
    await twins.run(["apply", state, "-auto-approve"]);
    await twins.run(["plan", state, "-detailed-exitcode"]);
    const outs = ["-state-out=kept/two.tfstate", "-backup=kept/two.tfstate.backup"];
    await twins.run(["apply", state, ...outs, "-var=size=large", "-auto-approve"]);
    await twins.run(["refresh", "-state=kept/two.tfstate", "-backup=-"]);
    await twins.run(["destroy", "-state=kept/two.tfstate", "-backup=-"], { input: "yes\n" });
    expect(readdirSync(join(twins.airlock.folder, "kept"))).toContain("two.tfstate");
  });
});
