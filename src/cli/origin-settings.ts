import { resolve } from "node:path";
import { readHostSettings } from "../hosts/terraform/providers/host-settings.js";
import type { OriginSettings } from "../package/origin/origin.js";
import type { CliIo } from "./io.js";
import type { StatusLine } from "./status-line.js";

/**
 * What origins of this command work with: credentials and services from core's settings, proxies of the environment, a line of progress
 * on a terminal. `mirror` is a folder; AIRLOCK_MIRROR counts where it is absent. Rejects with `ProviderError` PROVIDER_CLI_CONFIG.
 */
export async function originSettings(io: CliIo, status: StatusLine, mirror?: string): Promise<OriginSettings> {
  const folder = mirror ?? io.env["AIRLOCK_MIRROR"] ?? "";
  return {
    // Both cores read the same settings, but for the names of the files that they are in.
    hosts: await readHostSettings(io.env, "tofu"),
    environment: io.env,
    signal: io.interrupt,
    onProgress: ({ received, total }) => {
      status.progress(received, total ?? received);
    },
    ...(folder !== "" && { mirror: resolve(io.cwd, folder) }),
  };
}
