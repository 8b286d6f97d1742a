import { quote } from "../../../base/quote.js";
import { captureCore } from "./capture-core.js";
import { CoreError } from "./core-error.js";
import { withoutArgumentVariables } from "./environment.js";
import type { Environment } from "./environment.js";

export type CoreName = "tofu" | "terraform";

/** Which core a binary is. */
export interface CoreIdentity {
  readonly name: CoreName;
  /** Without a leading `v`, e.g. `1.12.6` or `1.6.0-rc1`. */
  readonly version: string;
}

/**
 * The oldest that can be driven, as [major, minor].
 *
 * - Terraform 1.3: since then core asks a provider to plan a destroy (`plan_destroy` of its server capabilities).
 *   Before, a destroy passed every `plan-resource` hook by.
 * - OpenTofu 1.6 is the first there is.
 */
const OLDEST: Readonly<Record<CoreName, readonly [number, number]>> = { tofu: [1, 6], terraform: [1, 3] };
const PRODUCTS = { OpenTofu: "tofu", Terraform: "terraform" } as const;
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 1024 * 1024;

/** What a product is called in core's own texts. */
export function productName(name: CoreName): "OpenTofu" | "Terraform" {
  return name === "tofu" ? "OpenTofu" : "Terraform";
}

/**
 * Asks a binary which core it is. Its text is read, not its JSON: both cores call themselves `terraform_version` in
 * JSON, and only the text names the product (internal/command/version.go of both). Warnings may stand in front.
 * Rejects with `CoreError`: CORE_UNUSABLE, CORE_NOT_FOUND, CORE_NOT_EXECUTABLE.
 */
export async function askIdentity(path: string, env: Environment, signal?: AbortSignal): Promise<CoreIdentity> {
  // Terraform asks its maker for newer versions unless told not to.
  const quiet = { ...withoutArgumentVariables(env), CHECKPOINT_DISABLE: "1" };
  const limits = { maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS, ...(signal !== undefined && { signal }) };
  const asked = { path, args: ["version"], env: quiet, ...limits };
  const output = await captureCore(asked).catch((error: unknown) => {
    if (!(error instanceof CoreError) || (error.code !== "CORE_FAILED" && error.code !== "CORE_LIMIT")) throw error;
    throw unusable(path, error.message, error);
  });
  const text = output.toString("utf8");
  const identity = readVersion(text);
  if (identity !== undefined) return identity;
  throw unusable(path, `it says ${quote(text.trim().split("\n")[0] ?? "")}`);
}

/** The line in which `version` names the product and its version; undefined when there is none. */
export function readVersion(text: string): CoreIdentity | undefined {
  const [, product, version] =
    /^(OpenTofu|Terraform) v(\d{1,6}\.\d{1,6}\.\d{1,6}[0-9A-Za-z.+-]{0,80})\r?$/m.exec(text) ?? [];
  if ((product !== "OpenTofu" && product !== "Terraform") || version === undefined) return undefined;
  return { name: PRODUCTS[product], version };
}

/** Gives the identity back when it is new enough. Throws `CoreError` CORE_UNUSABLE. */
export function checkAge(path: string, identity: CoreIdentity): CoreIdentity {
  const [oldMajor, oldMinor] = OLDEST[identity.name];
  if (isAtLeast(identity, oldMajor, oldMinor)) return identity;
  const product = productName(identity.name);
  throw new CoreError("CORE_UNUSABLE", `${path} is ${product} ${identity.version}, which is too old`, {
    remedy: `Update it to ${product} ${oldMajor}.${oldMinor} or newer, or name another with --core.`,
  });
}

/** Whether a core is of this version or newer; its pre-releases count as the version itself. */
export function isAtLeast({ version }: CoreIdentity, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

function unusable(path: string, what: string, cause?: unknown): CoreError {
  return new CoreError("CORE_UNUSABLE", `${path} does not tell its version: ${what}`, {
    remedy: `Run ${path} version to see why, or name another core with --core.`,
    cause,
  });
}
