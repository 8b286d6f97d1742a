import { errorCode } from "../../../base/error-code.js";
import { AirlockError } from "../../../protocol/airlock-error.js";

/** Why the root module cannot be shadowed, or what a shadow could not bring back. */
export const SHADOW_ERROR_CODES = [
  /** The shadow cannot be written: no space, over quota, read-only, no permission. */
  "SHADOW_NO_SPACE",
  /** This root cannot be shadowed: the root of the file system, inside a shadow, no links here, too many entries. */
  "SHADOW_UNSUPPORTED",
  /** A folder or file of the configuration cannot be read. */
  "SHADOW_UNREADABLE",
  /** Links of the configuration lead in a circle. */
  "SHADOW_LOOP",
  /** A file that was made or changed in the shadow was not brought back, as the real one is newer or in the way. */
  "SHADOW_LEFTOVER",
] as const;

export type ShadowErrorCode = (typeof SHADOW_ERROR_CODES)[number];

/** The shadow cannot be made, or something of it was left behind. */
export class ShadowError extends AirlockError<ShadowErrorCode> {}

/** What helps whenever a shadow cannot be made. */
export const WITHOUT_SHADOW =
  "Move the integration blocks from terraform {} to airlock.hcl beside the root module: that needs no shadow.";

const NO_SPACE: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE"]);

/** What stopped the system from writing `path` of a shadow. An error of ours stays as it is. */
export function shadowWriteError(path: string, cause: unknown): ShadowError {
  if (cause instanceof ShadowError) return cause;
  const code = errorCode(cause) ?? String(cause);
  return new ShadowError(NO_SPACE.has(code) ? "SHADOW_NO_SPACE" : "SHADOW_UNSUPPORTED", `${path}: ${code}`, {
    cause,
    remedy: WITHOUT_SHADOW,
  });
}

/** What stopped the system from reading `path` of the configuration. */
export function shadowReadError(path: string, cause: unknown): ShadowError {
  if (cause instanceof ShadowError) return cause;
  return new ShadowError("SHADOW_UNREADABLE", `${path} cannot be read: ${errorCode(cause) ?? String(cause)}`, {
    cause,
    remedy: "Check the permissions of the folder and of those above it.",
  });
}

/** A root that cannot be shadowed. */
export function unsupported(what: string): ShadowError {
  return new ShadowError("SHADOW_UNSUPPORTED", what, { remedy: WITHOUT_SHADOW });
}
