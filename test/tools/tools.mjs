// The tools that live tests run on, and where each is kept once it is built.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const HERE = import.meta.dirname;
const FLAGS = ["-trimpath", "-buildvcs=false"];
const MOCKCLOUD_VERSION = "1.0.0";

/** The oldest Go that can fetch the toolchain that a go.mod asks for. */
const OLDEST_GO = [1, 21];

/**
 * `module` is the folder with go.mod, `package` what is built in it. A core says `-dev` unless told at link time.
 * `providers` are the types under which the one binary is offered: it goes into a folder of its own for each.
 */
export const TOOLS = {
  tofu: {
    module: "pinned/tofu",
    package: "github.com/opentofu/opentofu/cmd/tofu",
    versionOf: "github.com/opentofu/opentofu",
    ldflags: "-X github.com/opentofu/opentofu/version.dev=no",
  },
  terraform: {
    module: "pinned/terraform",
    package: "github.com/hashicorp/terraform",
    versionOf: "github.com/hashicorp/terraform",
  },
  time: {
    module: "pinned/time",
    package: "github.com/hashicorp/terraform-provider-time",
    versionOf: "github.com/hashicorp/terraform-provider-time",
    providers: ["hashicorp/time"],
  },
  local: {
    module: "pinned/local",
    package: "github.com/terraform-providers/terraform-provider-local",
    versionOf: "github.com/terraform-providers/terraform-provider-local",
    providers: ["hashicorp/local"],
  },
  /** Only benches ask for it. */
  conftest: {
    module: "pinned/conftest",
    package: "github.com/open-policy-agent/conftest",
    versionOf: "github.com/open-policy-agent/conftest",
    onRequest: true,
  },
  mockcloud: { module: "mockcloud", package: ".", providers: ["airlock/mockcloud", "airlock/mockcloud6"] },
};

/** Where built tools are kept: `AIRLOCK_TEST_TOOLS`, or a folder of the user's cache. */
export function cacheFolder(env = process.env) {
  return env.AIRLOCK_TEST_TOOLS || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "airlock-test-tools");
}

/** The environment for Go: a toolchain that go.mod asks for may be fetched, unless the user said otherwise. */
export const GO_ENV = { ...process.env, GOTOOLCHAIN: process.env.GOTOOLCHAIN || "auto", GOWORK: "off" };

/** Why Go cannot build the tools, or null when it can. */
export async function goMissing() {
  let said;
  try {
    said = (await promisify(execFile)("go", ["version"], { cwd: HERE, env: GO_ENV })).stdout;
  } catch {
    return "Go is not on PATH: install Go 1.21 or newer (https://go.dev/dl)";
  }
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(said) ?? [];
  if (major === undefined) return null;
  const [oldestMajor, oldestMinor] = OLDEST_GO;
  const old = Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor);
  return old ? `${said.trim()} is too old: install Go ${OLDEST_GO.join(".")} or newer (https://go.dev/dl)` : null;
}

/** How `go build` is called for a tool, its output file left out. */
export function buildArguments(name) {
  const { ldflags = "", package: target } = TOOLS[name];
  return { cwd: join(HERE, TOOLS[name].module), args: [...FLAGS, `-ldflags=-s -w ${ldflags}`.trim(), target] };
}

/** The version of a tool, as its go.mod pins it. */
export function versionOf(name) {
  const { module, versionOf: path } = TOOLS[name];
  if (path === undefined) return MOCKCLOUD_VERSION;
  const pinned = readFileSync(join(HERE, module, "go.mod"), "utf8")
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^require /, "")
        .split(" "),
    )
    .find(([first]) => first === path);
  if (pinned === undefined) throw new Error(`${module}/go.mod does not require ${path}`);
  return pinned[1].replace(/^v/, "");
}

/** The files of a tool inside its cache entry. A provider's folder holds nothing else: its hash goes into lock files. */
export function filesOf(name) {
  const { providers } = TOOLS[name];
  if (providers === undefined) return [name];
  return providers.map((address) => {
    const type = address.slice(address.indexOf("/") + 1);
    return `${type}/terraform-provider-${type}_v${versionOf(name)}`;
  });
}

function sourcesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.go$|^go\.(mod|sum)$/.test(entry.name) && !entry.name.endsWith("_test.go"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The cache entry of a tool: named by everything that its bytes depend on. */
export async function entryOf(name) {
  const { cwd, args } = buildArguments(name);
  const { stdout: go } = await promisify(execFile)("go", ["env", "GOVERSION", "GOOS", "GOARCH"], { cwd, env: GO_ENV });
  const hash = createHash("sha256").update(JSON.stringify([go, args, filesOf(name)]));
  for (const file of sourcesOf(cwd)) hash.update(`\0${file.slice(cwd.length)}\0`).update(readFileSync(file));
  return join(cacheFolder(), `${name}-${hash.digest("hex").slice(0, 16)}`);
}

/** What a caller needs to know of a built tool. */
export function describe(name, entry) {
  const paths = filesOf(name).map((file) => join(entry, file));
  const providers = (TOOLS[name].providers ?? []).map((address, at) => ({ address, path: paths[at] }));
  return { name, version: versionOf(name), path: paths[0], providers };
}

/** Whether an entry is complete. It is renamed into place as a whole, so its presence is enough. */
export function isBuilt(entry) {
  return existsSync(entry);
}
