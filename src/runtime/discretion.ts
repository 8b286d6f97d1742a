import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { Finding, Verdict } from "../protocol/verdict.js";
import { RuntimeError } from "./runtime-error.js";
import type { IntegrationResult, ResultError, RuntimeNotice, SecretKeeper } from "./types.js";

/** Holds the keeper of a run's secrets, once the host has given it. */
export class Secrets {
  keeper: SecretKeeper | null = null;
}

/** What stands between one integration and the secrets of its run: it gets what it is granted, and says none of it. */
export class Discretion {
  readonly #secrets: Secrets;
  readonly #grants: readonly string[];

  constructor(secrets: Secrets, { grants }: Pick<IntegrationDeclaration, "grants">) {
    this.#secrets = secrets;
    this.#grants = grants.sensitive;
  }

  /** An event's params as the integration gets them; the very same object for one without grants. */
  shown(params: AirlockEvent["params"]): AirlockEvent["params"] {
    if (this.#grants.length === 0) return params;
    return this.#secrets.keeper?.reveal(params, this.#grants) ?? params;
  }

  /** A text of the integration, or one that quotes it. */
  text(text: string): string {
    return this.#secrets.keeper?.hide(text, this.#grants.length > 0) ?? text;
  }

  /** A notice that quotes what the integration said or asked for. */
  notice(notice: RuntimeNotice): RuntimeNotice {
    switch (notice.type) {
      case "log":
        return { ...notice, record: { ...notice.record, message: this.text(notice.record.message) } };
      case "grant-warning":
        return { ...notice, message: this.text(notice.message), remedy: this.text(notice.remedy) };
      case "instance-failed":
      case "integration-broken":
        return { ...notice, error: this.error(notice.error) };
      case "circuit":
        return { ...notice, error: notice.error === null ? null : this.error(notice.error) };
      case "guest-restarted":
      case "guest-started":
      case "http-request":
      case "isolation":
      case "result":
      case "sandbox-restarted":
      case "skipped":
        return notice;
    }
  }

  error(error: ResultError): ResultError {
    return { ...error, message: this.text(error.message) };
  }

  result(result: IntegrationResult): IntegrationResult {
    if (this.#secrets.keeper === null) return result;
    return {
      ...result,
      message: this.text(result.message),
      findings: result.findings.map((finding) => this.#finding(finding)),
      error: result.error === null ? null : this.error(result.error),
    };
  }

  /** Throws RUNTIME_METADATA_SECRET for metadata that holds a secret: it would be in the state, and told to others. */
  check({ metadata }: Pick<Verdict, "metadata">): void {
    if (metadata === undefined || metadata === null) return;
    if (this.#secrets.keeper?.holds(metadata, this.#grants.length > 0) !== true) return;
    throw new RuntimeError("RUNTIME_METADATA_SECRET", "the metadata that it attached holds a sensitive value", {
      remedy: "The integration must leave it out, or keep only whether it is there. Nothing of this answer was stored.",
    });
  }

  #finding({ path, url, ...finding }: Finding): Finding {
    return {
      ...finding,
      rule: this.text(finding.rule),
      message: this.text(finding.message),
      ...(path !== undefined && { path: path.map((step) => (typeof step === "string" ? this.text(step) : step)) }),
      ...(url !== undefined && { url: this.text(url) }),
    };
  }
}
