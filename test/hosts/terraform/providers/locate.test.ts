import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { OWN_PLATFORM } from "../../../../src/base/own-platform.js";
import { locateProviders } from "../../../../src/hosts/terraform/providers/locate.js";
import type { LocateOptions } from "../../../../src/hosts/terraform/providers/locate.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { faultOf } from "./faults.js";
import { installed, program, SOURCE, VERSION } from "./packages.js";

const OTHER_ARCH = `${OWN_PLATFORM.split("_")[0] ?? ""}_riscv64`;

/** Settings are looked for in an empty home unless a test writes some. */
function locate(root: string, more: Partial<LocateOptions> = {}) {
  const { env = {}, ...rest } = more;
  return locateProviders({
    root,
    dataDir: ".terraform",
    core: "tofu",
    env: { HOME: join(root, "home"), ...env },
    ...rest,
  });
}

function settings(text: string): string {
  return join(temporaryFolder({ "cli.tfrc": text }), "cli.tfrc");
}

function overriding(folder: string): string {
  return settings(`provider_installation {\ndev_overrides {\n"${SOURCE}" = "${folder}"\n}\n}`);
}

const REATTACH = JSON.stringify({
  [SOURCE]: { Protocol: "grpc", ProtocolVersion: 6, Pid: 1, Test: true, Addr: { Network: "unix", String: "/s" } },
});

describe("an installed provider", () => {
  it("is where the lock file says", async () => {
    const { root, packageDir, path, digest } = await installed();
    expect(await locate(root)).toEqual([
      {
        kind: "installed",
        source: SOURCE,
        version: VERSION,
        packageDir,
        path,
        lock: { version: VERSION, hashes: ["zh:00", digest] },
      },
    ]);
  });

  it("is found by any spelling, once", async () => {
    const { root } = await installed();
    const found = await locate(root, { sources: [SOURCE, SOURCE.toUpperCase()] });
    expect(found.map(({ source }) => source)).toEqual([SOURCE]);
  });

  it("is in the data folder that TF_DATA_DIR named, absolute or not", async () => {
    const { root, dataDir } = await installed();
    const elsewhere = join(temporaryFolder(), "data");
    renameSync(dataDir, elsewhere);
    symlinkSync(elsewhere, join(root, "data"));
    expect(await locate(root, { dataDir: elsewhere })).toHaveLength(1);
    expect(await locate(root, { dataDir: "data" })).toHaveLength(1);
  });

  it("may be a link into a plug-in cache", async () => {
    const { root, packageDir, path } = await installed();
    const cache = join(temporaryFolder(), "package");
    renameSync(packageDir, cache);
    symlinkSync(cache, packageDir);
    expect(await locate(root)).toMatchObject([{ path, packageDir }]);
  });

  it("may be made for another architecture, when it is the only one of this system", async () => {
    const { root, packageDir } = await installed();
    const other = join(dirname(packageDir), OTHER_ARCH);
    renameSync(packageDir, other);
    mkdirSync(join(dirname(packageDir), "plan9_386"));
    expect(await locate(root)).toMatchObject([{ packageDir: other }]);
    expect(await locate(root, { platform: OTHER_ARCH })).toMatchObject([{ packageDir: other }]);
    mkdirSync(join(dirname(packageDir), `${OTHER_ARCH}2`));
    expect(await rejectedCode(locate(root))).toBe("PROVIDER_NOT_INSTALLED");
    expect(await locate(root, { platform: OTHER_ARCH })).toMatchObject([{ packageDir: other }]);
  });

  it("is the first program of the right name", async () => {
    const { root, packageDir, path } = await installed();
    const name = join(packageDir, "terraform-provider-cloud");
    for (const other of [`${name}y`, `${name}-x`, `${name}_v9`, join(packageDir, "a")]) program(other);
    expect(await locate(root)).toMatchObject([{ path }]);
    mkdirSync(`${name}.d`);
    program(`${name}.exe`);
    expect(await locate(root)).toMatchObject([{ path: `${name}.exe` }]);
    program(name);
    expect(await locate(root)).toMatchObject([{ path: name }]);
  });

  it("is missing with a remedy, when its package, its program or its lock is not there", async () => {
    const { root, path, packageDir } = await installed();
    rmSync(path);
    expect((await faultOf(locate(root))).remedy).toContain("airlock init");
    rmSync(packageDir, { recursive: true });
    expect(await rejectedCode(locate(root))).toBe("PROVIDER_NOT_INSTALLED");
    expect(await rejectedCode(locate(root, { sources: ["hashicorp/time"] }))).toBe("PROVIDER_NOT_INSTALLED");
  });

  it("does not matter when it is not wanted", async () => {
    const { root, packageDir } = await installed();
    rmSync(packageDir, { recursive: true });
    expect(await locate(root, { sources: [] })).toEqual([]);
  });
});

describe("an override for development", () => {
  it("comes before what is installed, and has no lock", async () => {
    const { root } = await installed();
    const folder = temporaryFolder();
    const path = program(join(folder, "terraform-provider-cloud"));
    expect(await locate(root, { env: { TF_CLI_CONFIG_FILE: overriding(folder) } })).toEqual([
      { kind: "dev-override", source: SOURCE, version: null, packageDir: folder, path, lock: undefined },
    ]);
  });

  it("needs no lock file, and is relative to the root module", async () => {
    const root = temporaryFolder();
    program(join(root, "bin", "terraform-provider-cloud"));
    const found = await locate(root, { env: { TF_CLI_CONFIG_FILE: overriding("./bin") } });
    expect(found).toMatchObject([{ kind: "dev-override", packageDir: join(root, "bin") }]);
  });

  it("without a program is an error", async () => {
    const env = { TF_CLI_CONFIG_FILE: overriding(temporaryFolder()) };
    expect(await rejectedCode(locate(temporaryFolder(), { env }))).toBe("PROVIDER_NOT_INSTALLED");
  });
});

describe("a provider that runs already", () => {
  it("comes before all others", async () => {
    const { root } = await installed();
    const env = { TF_REATTACH_PROVIDERS: REATTACH, TF_CLI_CONFIG_FILE: overriding(temporaryFolder()) };
    expect(await locate(root, { env })).toEqual([
      {
        kind: "reattached",
        source: SOURCE,
        version: null,
        reattach: { protocol: 6, pid: 1, address: { network: "unix", path: "/s" } },
      },
    ]);
  });
});

describe("all providers", () => {
  it("come in the order of their addresses, from wherever they are known", async () => {
    const { root } = await installed();
    const folder = temporaryFolder();
    program(join(folder, "terraform-provider-zero"));
    program(join(folder, "terraform-provider-able"));
    const TF_CLI_CONFIG_FILE = settings(
      `provider_installation {\ndev_overrides {\n"z/zero" = "${folder}"\n"a.example/a/able" = "${folder}"\n}\n}`,
    );
    const found = await locate(root, { env: { TF_CLI_CONFIG_FILE } });
    expect(found.map(({ source }) => source)).toEqual(["a.example/a/able", SOURCE, "registry.opentofu.org/z/zero"]);
  });

  it("are none of those that are part of core", async () => {
    expect(await locate(temporaryFolder(), { sources: ["terraform.io/builtin/terraform"] })).toEqual([]);
  });

  it("are not looked for with a lock file that cannot be read", async () => {
    const { root } = await installed();
    writeFileSync(join(root, ".terraform.lock.hcl"), "provider {");
    expect(await rejectedCode(locate(root))).toBe("PROVIDER_LOCK_INVALID");
  });
});
