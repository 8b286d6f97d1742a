import { GuestError } from "../guest-error.js";

/** A `GuestError` with GUEST_LOAD; `gone`, for nothing of the module runs. */
export function loadError(message: string, remedy?: string, cause?: unknown): GuestError {
  return new GuestError("GUEST_LOAD", message, true, { ...(remedy === undefined ? {} : { remedy }), cause });
}
