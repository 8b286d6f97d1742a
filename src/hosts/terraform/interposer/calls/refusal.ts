import type { Diagnostic } from "../../tfplugin/diagnostics.js";

/** What core is told when nobody said why, which would be a fault of ours. */
const NO_REASON: Diagnostic = {
  severity: "error",
  summary: "an integration stopped this",
  detail: "It gave no reason.",
  path: null,
};

/** Diagnostics that are at least one. */
export function asRefusal([first = NO_REASON, ...others]: readonly Diagnostic[]): [Diagnostic, ...Diagnostic[]] {
  return [first, ...others];
}
