import { delimiter, isAbsolute, join } from "node:path";
import * as v from "valibot";
import { isExecutable, isFile } from "../../package/regular-file.js";
import type { CliIo } from "../io.js";
import { ok, reasonOf } from "./probe.js";
import type { Probe } from "./probe.js";
import { runProgram } from "./run-program.js";

const VersionSchema = v.object({ terraform_version: v.string() });

async function findOnPath(name: string, path: string): Promise<string | null> {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const candidate = join(folder, file);
    if ((await isFile(candidate)) && (await isExecutable(candidate))) {
      return candidate;
    }
  }
  return null;
}

/** Warnings may stand before the JSON of `version -json`. */
function versionOf(output: string): string {
  return v.parse(VersionSchema, JSON.parse(output.slice(output.indexOf("{")))).terraform_version;
}

/** Looks for a core on PATH and asks its version. `check` needs none, so a missing one is only a warning. */
export async function probeCore(name: "tofu" | "terraform", env: CliIo["env"]): Promise<Probe> {
  const path = await findOnPath(name, env["PATH"] ?? "");
  if (path === null) {
    const remedy = "airlock check needs none; to make plans, install one of tofu and terraform";
    return { name, status: "warn", detail: "not on PATH", remedy };
  }
  try {
    const output = await runProgram(path, ["version", "-json"], { ...env, CHECKPOINT_DISABLE: "1" });
    return ok(name, `${versionOf(output)} at ${path}`);
  } catch (error) {
    const detail = `${path} does not tell its version: ${reasonOf(error)}`;
    return { name, status: "warn", detail, remedy: `Run ${name} version to see why` };
  }
}
