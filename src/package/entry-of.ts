import type { Manifest } from "./manifest.js";
import { PackageError } from "./package-error.js";

/**
 * The path of the module, script or program that a manifest names for a platform. Throws `PackageError`
 * PACKAGE_PLATFORM_MISSING when it names programs, and none for this one.
 */
export function entryOf({ entry, platforms }: Manifest, platform: string): string {
  if (platforms === undefined) return entry ?? "";
  const program = Object.hasOwn(platforms, platform) ? platforms[platform] : undefined;
  if (program !== undefined) return program;
  const there = Object.keys(platforms).sort().join(", ");
  throw new PackageError("PACKAGE_PLATFORM_MISSING", `there is no program for ${platform}`, {
    remedy: `There are programs for: ${there}.`,
  });
}
