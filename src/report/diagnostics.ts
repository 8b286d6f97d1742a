import pc from "picocolors";
import { safeLine, safeLines } from "../base/neutralise.js";
import type { ShownDiagnostic } from "../hosts/terraform/stages/live-io.js";

const MAX_LINES = 60;

/**
 * Diagnostics in the form in which core prints its own on a terminal (OpenTofu, `internal/command/format/diagnostic.go`).
 * What guests wrote cannot pass for anything else.
 */
export function renderDiagnostics(
  diagnostics: readonly ShownDiagnostic[],
  options: { readonly color: boolean },
): string {
  return diagnostics.map((diagnostic) => renderOne(diagnostic, options)).join("");
}

function renderOne({ severity, summary, detail, address }: ShownDiagnostic, options: { readonly color: boolean }) {
  const colors = pc.createColors(options.color);
  const paint = severity === "error" ? colors.red : colors.yellow;
  const title = `${paint(colors.bold(severity === "error" ? "Error:" : "Warning:"))} ${colors.bold(safeLine(summary))}`;
  const where = address === null ? [] : ["", `  with ${safeLine(address, 300)}`];
  const lines = detail === "" ? [] : ["", ...safeLines(detail, 500, MAX_LINES)];
  const body = [title, ...where, ...lines].map((line) => `${paint("│")} ${line}\n`).join("");
  return `${paint("╷")}\n${body}${paint("╵")}\n`;
}
