import { GuestError } from "../guest-error.js";

const SHOWN_CHARACTERS = 80;

/** A `GuestError` with GUEST_LOAD; `gone`, for nothing of the module runs. */
export function loadError(message: string, remedy?: string, cause?: unknown): GuestError {
  return new GuestError("GUEST_LOAD", message, true, { ...(remedy === undefined ? {} : { remedy }), cause });
}

/** A text that a module brought, cut, quoted and without control characters, so that it is safe inside a message. */
export function shown(text: string): string {
  const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return JSON.stringify(cut).replace(/[\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
