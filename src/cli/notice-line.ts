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

/** What `--verbose` shows of a notice; null for what it does not. */
export function noticeLine(notice: RuntimeNotice): string | null {
  switch (notice.type) {
    case "log":
      return `[${safeLine(notice.integration, 100)}] ${notice.record.level}: ${safeLine(notice.record.message, 2000)}`;
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
