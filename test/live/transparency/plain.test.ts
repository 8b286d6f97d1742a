import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { RunOptions } from "../../support/live/process.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";
import { SERIAL } from "./normal-state.js";

const MAIN = withMockcloud(
  5,
  `
resource "mockcloud_instance" "a" {
  name = "a"
}
resource "mockcloud_bucket" "b" {
  name = mockcloud_instance.a.id
}
output "ip" { value = mockcloud_instance.a.ip }
`,
);

/** A state with a lineage, which core would draw by lot otherwise. */
const STATE = JSON.stringify({
  version: 4,
  terraform_version: "1.5.7",
  serial: 1,
  lineage: "6f9d1c1e-0000-4000-8000-000000000001",
  outputs: {},
  resources: [],
  check_results: null,
});

const FILES = { "main.tf": MAIN, "terraform.tfstate": STATE };

/** A core that writes down how it was started, and then is what it stands for. */
function watched(space: Workspace, core: Core): Core {
  const path = join(space.folder, "../watched");
  const log = join(space.folder, "../started");
  writeFileSync(
    path,
    `#!/bin/sh\n{ echo "$PWD"; printf '<%s>' "$@"; echo; env | sort; } >>'${log}'\nexec '${core.path}' "$@"\n`,
  );
  chmodSync(path, 0o755);
  return { ...core, path };
}

/** How core was started, each time. What a shell sets for itself is left out. */
function starts(space: Workspace): string {
  const log = join(space.folder, "../started");
  if (!existsSync(log)) return "";
  return readFileSync(log, "utf8")
    .replaceAll(join(space.folder, ".."), "ROOT")
    .replace(/^(?:_|PWD|OLDPWD|SHLVL)=.*\n/gm, "");
}

function read(space: Workspace, name: string): string {
  // How often core wrote differs from run to run.
  return readFileSync(join(space.folder, name), "utf8").replace(SERIAL, '$1"SERIAL"');
}

/** How many providers were started: each has a process of its own for each call that it answers first. */
function providers(space: Workspace): number {
  return new Set(space.calls().map(({ pid }) => pid)).size;
}

await describeLive("a configuration without integrations", (core) => {
  async function both(args: readonly string[], spaces: readonly [Workspace, Workspace], options?: RunOptions) {
    const [plain, other] = spaces;
    const [expected, given] = [
      await plain.run(watched(plain, core), args, options),
      await airlock(other, watched(other, core), args, options),
    ];
    const seen = ({ stdout, stderr, code, signal }: typeof given, space: Workspace) => {
      const root = join(space.folder, "..");
      const text = (output: string): string => output.replaceAll(root, "ROOT").replace(/after \d+s/g, "after TIME");
      return { stdout: text(stdout), stderr: text(stderr), code, signal };
    };
    expect(seen(given, other)).toEqual(seen(expected, plain));
    return expected;
  }

  const make = async (files: Readonly<Record<string, string>>) =>
    [await workspace({ files }), await workspace({ files })] as const;

  it("has the state, output and exit codes of plain core byte for byte, and the same processes", async () => {
    const spaces = await make(FILES);
    const one = ["-parallelism=1"];
    await both(["init", "-input=false"], spaces);
    await both(["plan", ...one, "-detailed-exitcode", "-out=a.tfplan"], spaces);
    await both(["apply", ...one], spaces, { input: "no\n" });
    await both(["apply", ...one], spaces, { input: "yes\n" });
    const [state, other] = spaces.map((space) => read(space, "terraform.tfstate"));
    expect(JSON.parse(read(spaces[0], "terraform.tfstate"))).toMatchObject({ resources: [{}, {}] });
    expect(other).toBe(state);
    await both(["destroy", ...one, "-auto-approve"], spaces);
    for (const name of ["terraform.tfstate", "terraform.tfstate.backup", ".terraform.lock.hcl"]) {
      expect(read(spaces[1], name)).toBe(read(spaces[0], name));
    }
    expect(starts(spaces[1])).toBe(starts(spaces[0]));
    expect(starts(spaces[0])).toContain("<destroy>");
    expect(starts(spaces[1])).not.toContain("TF_REATTACH_PROVIDERS");
    expect(providers(spaces[1])).toBe(providers(spaces[0]));
    expect(existsSync(join(spaces[1].folder, ".terraform/airlock"))).toBe(false);
  });

  it("is refused by core in its own words", async () => {
    const spaces = await make({ "main.tf": `resource "mockcloud_instance" "a {\n` });
    for (const args of [
      ["plan"],
      ["apply", "-auto-approve"],
      ["validate"],
      ["init"],
      ["-chdir=none", "plan"],
      ["plan", "-none"],
    ]) {
      expect((await both(args, spaces)).code).toBe(1);
    }
    expect((await both(["plan"], spaces, { env: { TF_CLI_ARGS: `"unclosed` } })).code).toBe(1);
    expect(starts(spaces[1])).toBe(starts(spaces[0]));
  });

  it("may be none at all", async () => {
    const spaces = await make({});
    for (const args of [["plan"], ["init"], ["show"], ["version"], ["none"], ["apply", "-help"]]) {
      await both(args, spaces);
    }
  });
});
