import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CoreArguments } from "../../../../src/hosts/terraform/core/core-arguments.js";
import { prepareShadow } from "../../../../src/hosts/terraform/shadow/shadow.js";
import { describeLive } from "../../../support/live/describe.js";
import type { Core } from "../../../support/live/tools.js";
import { Twins } from "./twins.js";

const PATHS = `
output "paths" {
  value = [path.module, path.root, path.cwd]
}
output "files" {
  value = [for f in fileset(path.module, "**/*.t*") : f if !startswith(f, ".terraform")]
}
output "text" {
  value = [templatefile("\${path.module}/templates/a.tpl", { x = 1 }), file("\${path.module}/b.txt")]
}
resource "terraform_data" "here" {
  input = path.module
}
`;
const MODULE_FILES = { "templates/a.tpl": "x is ${x}", "templates/more/c.tpl": "", "b.txt": "text" };

function moduleAt(folder: string): Record<string, string> {
  return Object.fromEntries([
    [join(folder, "main.tf"), PATHS],
    ...Object.entries(MODULE_FILES).map(([name, content]) => [join(folder, name), content] as const),
  ]);
}

/** A root in `envs/prod` with a module in it, one beside it that has one itself, and one behind a link. */
const PROJECT: Record<string, string> = {
  ...moduleAt("envs/prod"),
  ...moduleAt("envs/prod/m"),
  ...moduleAt("shared/n"),
  ...moduleAt("shared/n/inner"),
  "envs/prod/main.tf": `${PATHS}
module "m" {
  source = "./m"
}
module "n" {
  source = "../../shared/n"
}
module "linked" {
  source = "./way/inner"
}
output "all" {
  value = [module.m, module.n, module.linked, file("../../common.txt")]
}
`,
  "common.txt": "common",
};
const MODULES = ["envs/prod/m", "shared/n", "shared/n/inner", "envs/prod/way/inner"];

async function project(core: Core): Promise<Twins> {
  const inner = `${PATHS}\nmodule "inner" {\n  source = "./inner"\n}\noutput "inner" {\n  value = module.inner\n}\n`;
  const files = { ...PROJECT, "shared/n/main.tf": inner };
  const twins = await Twins.of(core, { files, root: "envs/prod", modules: MODULES });
  for (const space of [twins.plain, twins.shadowed]) symlinkSync("../../shared/n", join(space.folder, "envs/prod/way"));
  return twins;
}

const CONFIGURATION = `
variable "v" {
  default = "one"
}
resource "terraform_data" "a" {
  input = var.v
}
`;

await describeLive("core in a shadow does what plain core does", (core) => {
  it("with local modules and their files, from init to destroy", async () => {
    const twins = await project(core);
    await twins.succeed(["init", "-no-color", "-input=false"]);
    await twins.succeed(["validate"]);
    for (const args of [["output"], ["show"], ["state", "pull"]]) await twins.succeed(args);
    await twins.run(["state", "list"]);
    const plan = await twins.succeed(["plan", "-no-color"]);
    expect(plan.stdout).toContain("Plan: 5 to add");
    expect(existsSync(join(twins.rootOf(twins.shadowed), "terraform.tfstate"))).toBe(false);
    await twins.succeed(["apply", "-no-color", "-auto-approve", "-parallelism=1"]);
    const output = await twins.succeed(["output", "-json"]);
    expect(output.stdout).toContain("../../shared/n/inner");
    expect(output.stdout).toContain("templates/more/c.tpl");
    await twins.succeed(["plan", "-detailed-exitcode"]);
    await twins.succeed(["destroy", "-no-color", "-auto-approve", "-parallelism=1"]);
    expect(Object.keys(twins.files(twins.shadowed))).toContain("envs/prod/terraform.tfstate.backup");
  });

  it("where the configuration is wrong: same message, same line", async () => {
    const twins = await Twins.of(core, { files: { "main.tf": 'output "o" {\n  value = nothing.x\n}\n' } });
    await twins.succeed(["init", "-no-color"]);
    const outcome = await twins.run(["plan", "-no-color"]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("on main.tf line 7");
  });

  it("with a plan file that is named relative to the root", async () => {
    const twins = await Twins.of(core, { files: { "main.tf": CONFIGURATION, "x.tfvars": 'v = "two"\n' } });
    await twins.succeed(["init"]);
    const root = twins.rootOf(twins.shadowed);
    const absolute = (...line: string[]): string[] => CoreArguments.parse(line, {}).absolute(root).toArgv();
    const planned = await twins.inShadow(absolute("plan", "-out=my.plan", "-var-file=x.tfvars"));
    expect(planned.code).toBe(0);
    expect(lstatSync(join(root, "my.plan")).isFile()).toBe(true);
    expect((await twins.inShadow(absolute("show", "-no-color", "my.plan"))).stdout).toContain('"two"');
    expect((await twins.inShadow(absolute("apply", "my.plan"))).code).toBe(0);
    expect(readFileSync(join(root, "terraform.tfstate"), "utf8")).toContain('"two"');
  });

  it("with workspaces", async () => {
    const files = { "main.tf": CONFIGURATION };
    const twins = await Twins.of(core, { files, mayMakeWorkspace: true });
    await twins.succeed(["init"]);
    await twins.succeed(["workspace", "new", "-no-color", "other"]);
    await twins.succeed(["apply", "-auto-approve", "-no-color"]);
    expect(Object.keys(twins.files(twins.shadowed))).toContain("terraform.tfstate.d/other/terraform.tfstate");
    await twins.succeed(["workspace", "list"]);
    const plainly = await twins.shadowed.run(core, ["workspace", "show"]);
    expect(plainly.stdout).toBe("other\n");
    await twins.succeed(["workspace", "select", "default"]);
    await twins.succeed(["apply", "-auto-approve", "-no-color"], { env: { TF_WORKSPACE: "third" } });
    await twins.succeed(["workspace", "delete", "-force", "other"]);
  });

  it("with a provisioner that makes and changes files where core stands", async () => {
    const command =
      "echo made > made.txt; mkdir -p sub/deep; echo x > sub/deep/x; echo new >> old.txt; cat made.txt old.txt";
    const main = `resource "terraform_data" "a" {
  provisioner "local-exec" {
    command = "${command}"
  }
  provisioner "local-exec" {
    command = "cp made.txt again.txt && cat sub/deep/x"
  }
}
`;
    const twins = await Twins.of(core, { files: { "main.tf": main, "old.txt": "old\n" } });
    await twins.succeed(["init"]);
    await twins.succeed(["apply", "-auto-approve", "-no-color"]);
    expect(twins.files(twins.shadowed)).toMatchObject({
      ...{ "made.txt": "made\n", "again.txt": "made\n", "old.txt": "old\nnew\n", "sub/deep/x": "x\n" },
    });
  });

  it("with providers, whose lock file comes back", async () => {
    const main = 'resource "time_static" "a" {}\n';
    const twins = await Twins.of(core, { files: { "main.tf": main }, providers: ["time"] });
    await twins.succeed(["init", "-no-color"]);
    expect(twins.files(twins.shadowed)).toHaveProperty([".terraform.lock.hcl"]);
    expect((await twins.inShadow(["apply", "-auto-approve"])).code).toBe(0);
  });

  it.each([undefined, "data", "../data", "$FOLDER/data"])(
    "with a module that is no local one, and TF_DATA_DIR %s",
    async (dataDir) => {
      // An absolute path is fetched like a remote source.
      const files = {
        ...moduleAt("lib/m"),
        "root/main.tf": 'module "far" {\n  source = "LIBRARY//m"\n}\noutput "o" {\n  value = module.far\n}\n',
      };
      const twins = await Twins.of(core, {
        files,
        root: "root",
        ...(dataDir === undefined ? {} : { dataDir: "data" }),
      });
      for (const space of [twins.plain, twins.shadowed]) {
        const main = join(space.folder, "root/main.tf");
        writeFileSync(main, readFileSync(main, "utf8").replace("LIBRARY", join(space.folder, "lib")));
      }
      const shadowedMain = join(twins.shadowed.folder, "root/main.tf");
      const shown = Buffer.from(
        readFileSync(join(twins.plain.folder, "root/main.tf"), "utf8").replaceAll(
          twins.plain.folder,
          twins.shadowed.folder,
        ),
      );
      const outputs = await Promise.all(
        [twins.plain, twins.shadowed].map(async (space) => {
          const value = dataDir?.replace("$FOLDER", space.folder);
          const env = value === undefined ? {} : { TF_DATA_DIR: value };
          const root = join(space.folder, "root");
          const shadow =
            space === twins.plain
              ? undefined
              : await prepareShadow({ ...twins.request(), dataDir: value, replaced: new Map([[shadowedMain, shown]]) });
          const chdir = shadow === undefined ? [] : [`-chdir=${shadow.root}`];
          await space.succeed(core, [...chdir, "init"], { cwd: root, env });
          await shadow?.renew();
          await space.succeed(core, [...chdir, "apply", "-auto-approve"], { cwd: root, env });
          await shadow?.renew();
          const { stdout } = await space.succeed(core, [...chdir, "output", "-json"], { cwd: root, env });
          expect(await shadow?.finish()).toEqual(shadow === undefined ? undefined : []);
          return stdout.replaceAll(space.folder, "FOLDER");
        }),
      );
      expect(outputs[1]).toBe(outputs[0]);
      expect(outputs[0]).toContain("modules/far");
    },
  );
});

await describeLive("state under core in a shadow", (core) => {
  const waiting = `resource "terraform_data" "first" {}
resource "terraform_data" "a" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" {
    command = "ls -A FOLDER > seen; echo be''gun; while [ ! -e FOLDER/go ]; do sleep 0.05; done"
  }
}
`;

  async function begun(): Promise<{
    twins: Twins;
    root: string;
    run: ReturnType<Twins["shadowed"]["start"]>;
    shadow: Awaited<ReturnType<typeof prepareShadow>>;
  }> {
    const twins = await Twins.of(core, { files: { "main.tf": waiting } });
    const root = twins.shadowed.folder;
    const main = join(root, "main.tf");
    writeFileSync(main, readFileSync(main, "utf8").replaceAll("FOLDER", root));
    const shown = Buffer.from(readFileSync(join(twins.plain.folder, "main.tf"), "utf8").replaceAll("FOLDER", root));
    const shadow = await prepareShadow({ ...twins.request(), replaced: new Map([[main, shown]]) });
    await twins.shadowed.succeed(core, [`-chdir=${shadow.root}`, "init"]);
    await shadow.renew();
    const run = twins.shadowed.start(core, [`-chdir=${shadow.root}`, "apply", "-auto-approve", "-no-color"]);
    // Core shows the command too, in which the word has quotes.
    await run.printed("begun");
    return { twins, root, run, shadow };
  }

  it("is locked for plain core in the root, and for core in the shadow, which sees by whom", async () => {
    const { twins, root, run, shadow } = await begun();
    writeFileSync(join(root, "main.tf"), "");
    const plain = await twins.shadowed.run(core, ["plan", "-no-color"]);
    expect(plain.code).toBe(1);
    expect(plain.stderr).toContain("Error acquiring the state lock");
    const other = await twins.inShadow(["plan", "-no-color"]);
    expect(other.stderr).toContain("OperationTypeApply");
    writeFileSync(join(root, "go"), "");
    expect((await run.ended).code).toBe(0);
    expect(await shadow.finish()).toEqual([]);
    expect(readFileSync(join(root, "seen"), "utf8")).toContain("terraform.tfstate");
    expect(existsSync(join(root, ".terraform.tfstate.lock.info"))).toBe(false);
    expect(readFileSync(join(root, "terraform.tfstate"), "utf8")).toContain('"first"');
  });

  it("is in the root when core was killed, and what the run made is brought back by the next", async () => {
    const { twins, root, run } = await begun();
    await run.kill();
    expect(lstatSync(join(root, "terraform.tfstate")).isFile()).toBe(true);
    expect(existsSync(join(root, "seen"))).toBe(false);
    const next = await prepareShadow(twins.request());
    expect(next.notices).toEqual([]);
    expect(existsSync(join(root, "seen"))).toBe(true);
    expect(lstatSync(join(next.root, "terraform.tfstate")).isSymbolicLink()).toBe(true);
  });
});
