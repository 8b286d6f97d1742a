import { resolve } from "node:path";
import { OWN_PLATFORM } from "../../base/own-platform.js";
import type { TrustDeclaration } from "../../declare/trust.js";
import { readHostSettings } from "../../hosts/terraform/providers/host-settings.js";
import type { InstallPlace } from "../../install/place.js";
import { openCache } from "../../package/cache/cache.js";
import { openOrigin } from "../../package/origin/open-origin.js";
import type { OriginSettings } from "../../package/origin/origin.js";
import { verifyPackage } from "../../package/signature/verify-package.js";
import type { CliIo } from "../io.js";
import { StatusLine } from "../status-line.js";

/** The place that a command installs to: the user's cache, and the origins that the user's settings lead to. */
export async function installPlace(
  io: CliIo,
  { root, trust, mirror }: { root: string; trust: readonly TrustDeclaration[]; mirror?: string | undefined },
): Promise<{ readonly place: InstallPlace; readonly status: StatusLine }> {
  const status = new StatusLine(io.stderr, undefined, "bytes");
  const settings: OriginSettings = {
    // Both cores read the same settings, but for the names of the files that they are in.
    hosts: await readHostSettings(io.env, "tofu"),
    environment: io.env,
    signal: io.interrupt,
    onProgress: ({ received, total }) => {
      status.progress(received, total ?? received);
    },
    ...(mirror !== undefined && { mirror: resolve(io.cwd, mirror) }),
  };
  const place: InstallPlace = {
    root,
    trust,
    cache: openCache(io.env, io.interrupt),
    origin: (source) => openOrigin(source, settings),
    verify: verifyPackage,
    platform: OWN_PLATFORM,
  };
  return { place, status };
}
