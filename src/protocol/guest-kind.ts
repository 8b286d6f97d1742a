/** The kinds of guest; wasm and js run in the sandbox, an executable is a process of its own. */
export const GUEST_KINDS = ["wasm", "js", "executable"] as const;
export type GuestKind = (typeof GUEST_KINDS)[number];
