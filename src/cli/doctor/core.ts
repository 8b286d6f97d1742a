import { searchPath } from "../../package/search-path.js";
import { programName } from "../../hosts/terraform/core/find-core.js";
import { askIdentity, checkAge } from "../../hosts/terraform/core/identity.js";
import type { CoreName } from "../../hosts/terraform/core/identity.js";
import type { CliIo } from "../io.js";
import { ok, reasonOf } from "./probe.js";
import type { Probe } from "./probe.js";

/** Looks for a core on PATH and asks its version. `check` needs none, live runs need one: a missing one is a warning. */
export async function probeCore(name: CoreName, env: CliIo["env"]): Promise<Probe> {
  const { found } = await searchPath(programName(name), env["PATH"]);
  if (found === undefined) {
    const remedy = "airlock check needs none; live runs (airlock plan …) need tofu or terraform";
    return { name, status: "warn", detail: "not on PATH", remedy };
  }
  try {
    const { version } = checkAge(found, await askIdentity(found, env));
    return ok(name, `${version} at ${found}`);
  } catch (error) {
    return { name, status: "warn", detail: reasonOf(error), remedy: `Run ${name} version to see why` };
  }
}
