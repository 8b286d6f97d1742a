import { execFile, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";

const BUILD = resolve(import.meta.dirname, "../../tools/build.mjs");
const GO_IS_MISSING = 3;

/** What `test/tools/build.mjs` builds. `mockcloud` is our own provider, `time` and `local` are real ones. */
export type ToolName = "tofu" | "terraform" | "time" | "local" | "mockcloud";
export const PROVIDERS = ["time", "local", "mockcloud"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

const Tools = v.array(
  v.object({
    name: v.string(),
    version: v.string(),
    path: v.string(),
    /** `address` is NAMESPACE/TYPE. The file stands alone in its folder. */
    providers: v.array(v.object({ address: v.string(), path: v.string() })),
  }),
);
export type Tool = v.InferOutput<typeof Tools>[number];

/** Live tests cannot run here, and need not: neither CI nor AIRLOCK_REQUIRE_LIVE asks for them. */
export class ToolsMissing extends Error {}

/** Whether live tests must run: then a missing tool is a failure, not a reason to skip. */
export const LIVE_IS_REQUIRED = isSet("AIRLOCK_REQUIRE_LIVE") || isSet("CI");

function isSet(name: string): boolean {
  return !["", "0", "false", undefined].includes(process.env[name]);
}

const builds = new Map<ToolName, Promise<Tool>>();

/** A tool, built when it is not there yet: that may take minutes, once per machine. */
export function builtTool(name: ToolName): Promise<Tool> {
  const begun = builds.get(name);
  if (begun !== undefined) return begun;
  const build = buildTool(name);
  builds.set(name, build);
  return build;
}

/** The path of a built tool. @throws ToolsMissing where Go is missing and live tests are not required. */
export async function tool(name: ToolName): Promise<string> {
  return (await builtTool(name)).path;
}

/** Whether tools can be built here. @throws Error where they cannot and live tests are required. */
export async function canBuild(): Promise<boolean> {
  try {
    await builtTool("mockcloud");
    return true;
  } catch (error) {
    if (error instanceof ToolsMissing) return false;
    throw error;
  }
}

async function buildTool(name: ToolName): Promise<Tool> {
  // Progress goes straight to the terminal: somebody waits.
  const child = spawn(process.execPath, [BUILD, "--json", name], { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  const code = await new Promise<number | null>((ended, failed) => {
    child.on("error", failed);
    child.on("close", ended);
  });
  if (code === GO_IS_MISSING && !LIVE_IS_REQUIRED) throw new ToolsMissing(`${name} cannot be built without Go`);
  if (code !== 0) throw new Error(`node test/tools/build.mjs ${name} ended with ${String(code)}; its output is above`);
  const [built] = v.parse(Tools, JSON.parse(stdout));
  if (built === undefined) throw new Error(`node test/tools/build.mjs told nothing of ${name}`);
  return built;
}

/** A core to test on. */
export interface Core {
  readonly name: "tofu" | "terraform";
  readonly version: string;
  readonly path: string;
}

/** Older cores than these are not supported. */
const OLDEST = { tofu: [1, 6], terraform: [1, 5] } as const;
const Version = v.object({ terraform_version: v.string() });

async function coreAt(name: Core["name"], path: string): Promise<Core | null> {
  const env = { PATH: process.env["PATH"], CHECKPOINT_DISABLE: "1" };
  let said: unknown;
  try {
    said = JSON.parse((await promisify(execFile)(path, ["version", "-json"], { env })).stdout);
  } catch {
    return null;
  }
  const version = v.safeParse(Version, said);
  if (!version.success) return null;
  const [major = 0, minor = 0] = version.output.terraform_version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[name];
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) return null;
  return { name, version: version.output.terraform_version, path };
}

async function coreOfPath(name: Core["name"]): Promise<Core | null> {
  for (const folder of (process.env["PATH"] ?? "").split(":").filter((entry) => entry !== "")) {
    const core = await coreAt(name, join(folder, name));
    if (core !== null) return core;
  }
  return null;
}

async function builtCore(name: Core["name"]): Promise<Core | null> {
  try {
    const { version, path } = await builtTool(name);
    return { name, version, path };
  } catch (error) {
    if (error instanceof ToolsMissing) return null;
    throw error;
  }
}

let found: Promise<readonly Core[]> | undefined;

/**
 * The cores to test on: tofu and terraform as built by test/tools, and those of PATH that are other versions.
 * `AIRLOCK_TEST_CORES=tofu` (names, comma-separated) leaves the others out, and `AIRLOCK_TEST_PATH=0` those of PATH;
 * without Go only those of PATH remain.
 */
export function cores(): Promise<readonly Core[]> {
  return (found ??= findCores());
}

async function findCores(): Promise<readonly Core[]> {
  const wanted = (process.env["AIRLOCK_TEST_CORES"] ?? "tofu,terraform").split(",");
  const all: Core[] = [];
  for (const name of (["tofu", "terraform"] as const).filter((each) => wanted.includes(each))) {
    const built = await builtCore(name);
    if (built !== null) all.push(built);
    const installed = built !== null && process.env["AIRLOCK_TEST_PATH"] === "0" ? null : await coreOfPath(name);
    if (installed !== null && installed.version !== built?.version) all.push(installed);
  }
  return all;
}
