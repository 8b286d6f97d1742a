import { safeLine } from "../../base/neutralise.js";
import { OWN_PLATFORM } from "../../base/own-platform.js";
import type { TrustDeclaration } from "../../declare/trust.js";
import type { InstallPlace } from "../../install/place.js";
import { openCache } from "../../package/cache/cache.js";
import { openOrigin } from "../../package/origin/open-origin.js";
import { defaultRootsFolder, verifyPackage } from "../../package/signature/verify-package.js";
import type { CliIo } from "../io.js";
import { originSettings } from "../origin-settings.js";
import { StatusLine } from "../status-line.js";

/** The place that a command installs to: the user's cache, and the origins that the user's settings lead to. */
export async function installPlace(
  io: CliIo,
  { root, trust, mirror }: { root: string; trust: readonly TrustDeclaration[]; mirror?: string | undefined },
): Promise<{ readonly place: InstallPlace; readonly status: StatusLine }> {
  const status = new StatusLine(io.stderr, undefined, "bytes");
  const settings = await originSettings(io, status, mirror);
  const place: InstallPlace = {
    root,
    trust,
    cache: openCache(io.env, io.interrupt),
    origin: (source) => openOrigin(source, settings),
    verify: (options) =>
      verifyPackage({
        rootsFolder: defaultRootsFolder(io.env),
        warn: (message) => {
          status.note(`warning: ${safeLine(message)}`);
        },
        ...options,
      }),
    platform: OWN_PLATFORM,
  };
  return { place, status };
}
