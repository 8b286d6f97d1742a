import type { Finding, Severity, Status, Verdict } from "./protocol.js";

/** What a verdict may carry beside its status and message. */
export type VerdictDetails = Pick<Verdict, "findings" | "metadata">;

/** Nothing to object to. */
export function success(message = "", details: VerdictDetails = {}): Verdict {
  return { status: "success", message, ...details };
}

/** Worth a look; the run goes on. */
export function warn(message: string, details: VerdictDetails = {}): Verdict {
  return { status: "warn", message, ...details };
}

/** Not acceptable; the run fails. */
export function fail(message: string, details: VerdictDetails = {}): Verdict {
  return { status: "fail", message, ...details };
}

/** One message of a verdict, with the protocol's default severity filled in. */
export function finding(parts: Finding): Finding & { severity: Severity } {
  const { rule, severity = "medium", message, path, url } = parts;
  return {
    rule,
    severity,
    message,
    ...(path === undefined ? {} : { path }),
    ...(url === undefined ? {} : { url }),
  };
}

/** The form that is sent: keys always in the same order, so that equal verdicts are equal bytes. */
export interface CompleteVerdict {
  status: Status;
  message: string;
  findings: (Finding & { severity: Severity })[];
  metadata?: Record<string, unknown> | null;
}

/** Fills in the protocol's defaults. No verdict at all means success. */
export function complete(verdict: Verdict | undefined): CompleteVerdict {
  const { status, message = "", findings = [], metadata } = verdict ?? success();
  return {
    status,
    message,
    findings: findings.map(finding),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
