import { safeLine } from "../base/neutralise.js";
import type { RuntimeNotice } from "../runtime/types.js";

/** What `--verbose` shows of a notice; null for what it does not. */
export function noticeLine(notice: RuntimeNotice): string | null {
  switch (notice.type) {
    case "log":
      return `[${safeLine(notice.integration, 100)}] ${notice.record.level}: ${safeLine(notice.record.message, 2000)}`;
    case "isolation":
      return `[${safeLine(notice.integration, 100)}] isolation: ${safeLine(notice.isolation, 300)}`;
    case "guest-restarted":
      return `[${safeLine(notice.integration, 100)}] a fresh guest took over (${safeLine(notice.code, 60)})`;
    case "instance-failed":
      return `[${safeLine(notice.integration, 100)}] a further instance did not start: ${safeLine(notice.error.message, 500)}`;
    case "sandbox-restarted":
      return "the sandbox host ended and was started again";
    case "guest-started":
    case "integration-broken":
    case "result":
    case "skipped":
      return null;
  }
}
