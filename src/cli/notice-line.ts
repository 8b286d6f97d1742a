import { safeLine } from "../base/neutralise.js";
import type { RuntimeNotice } from "../runtime/types.js";

/** What is said once, in live runs also without `--verbose`, when an integration is left alone and when it is back; else null. */
export function circuitLine(notice: RuntimeNotice): string | null {
  if (notice.type !== "circuit") return null;
  const who = `[${safeLine(notice.integration, 100)}]`;
  if (notice.state === "closed") return `${who} it answers again, and is called again`;
  if (notice.state === "half-open" || notice.error === null) return null;
  const { message, remedy } = notice.error;
  return `${who} is not called for now: ${safeLine([message, remedy ?? ""].join(". "), 500)}`;
}

/** What is shown of a notice, most of them only with `--verbose`; null for what is not. */
export function noticeLine(notice: RuntimeNotice, verbose: boolean): string | null {
  if (notice.type === "grant-warning") {
    const { integration, message, remedy } = notice;
    const said = remedy === "" ? message : `${message}; ${remedy}`;
    return `warning: integration ${safeLine(integration, 100)}: ${safeLine(said, 1_000)}`;
  }
  return verbose ? verboseLine(notice) : null;
}

function verboseLine(notice: Exclude<RuntimeNotice, { readonly type: "grant-warning" }>): string | null {
  switch (notice.type) {
    case "http-request": {
      const { integration, method, host, status, bytes, elapsedMs, code } = notice;
      const came = code ?? `${status ?? 0}, ${bytes} bytes`;
      return `[${safeLine(integration, 100)}] ${method} ${safeLine(host, 300)}: ${safeLine(came, 60)}, ${elapsedMs} ms`;
    }
    case "log":
      return `[${safeLine(notice.integration, 100)}] ${notice.record.level}: ${safeLine(notice.record.message, 2000)}`;
    case "isolation":
      return `[${safeLine(notice.integration, 100)}] isolation: ${safeLine(notice.isolation, 300)}`;
    case "guest-restarted":
      return `[${safeLine(notice.integration, 100)}] a fresh guest took over (${safeLine(notice.code, 60)})`;
    case "instance-failed":
      return `[${safeLine(notice.integration, 100)}] a further instance did not start: ${safeLine(notice.error.message, 500)}`;
    case "circuit":
      return circuitLine(notice);
    case "sandbox-restarted":
      return "the sandbox host ended and was started again";
    case "guest-started":
    case "integration-broken":
    case "result":
    case "skipped":
      return null;
  }
}
