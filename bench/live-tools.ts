import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { OWN_PLATFORM } from "../src/base/own-platform.js";
import { packageRoot } from "./package-root.js";

/** What `test/tools/build.mjs --json` says of each tool. */
const ToolsSchema = v.array(
  v.object({
    name: v.string(),
    version: v.string(),
    path: v.string(),
    providers: v.array(v.object({ address: v.string(), path: v.string() })),
  }),
);
type Tool = v.InferOutput<typeof ToolsSchema>[number];

/** A core and a project that it can run, with its providers from a mirror in the same folder. */
export interface LiveProject {
  readonly core: string;
  readonly version: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A core and providers for benches, built where they are missing; a sentence when they cannot be. */
export function liveTools(names: readonly string[] = ["tofu", "time"]): readonly Tool[] | string {
  const script = join(packageRoot(), "test/tools/build.mjs");
  const built = spawnSync(process.execPath, [script, "--json", ...names], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (built.status !== 0) return "tofu and its providers could not be built: it takes Go 1.21 or newer";
  return v.parse(ToolsSchema, JSON.parse(built.stdout));
}

/** Lays out a mirror of the providers in `folder`, and says how core is to be run with it. */
export function liveProject(folder: string, tools: readonly Tool[]): LiveProject {
  for (const { version, providers } of tools) {
    for (const { address, path } of providers) {
      const link = join(folder, "mirror/registry.opentofu.org", address, version, OWN_PLATFORM, basename(path));
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(path, link);
    }
  }
  const settings = join(folder, "cli.tfrc");
  const mirror = JSON.stringify(join(folder, "mirror"));
  writeFileSync(settings, `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`);
  const { path: core = "", version = "" } = tools.find(({ name }) => name === "tofu") ?? {};
  const environment = { PATH: process.env["PATH"] ?? "", HOME: folder, TF_CLI_CONFIG_FILE: settings };
  return { core, version, environment };
}
