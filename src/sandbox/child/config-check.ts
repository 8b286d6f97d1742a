import { Validator } from "@cfworker/json-schema";
import { GuestError } from "../../../runtimes/guest-error.js";
import type { ConfigCheck } from "../messages.js";

const SHOWN = 300;

/**
 * Holds a config to the JSON Schema of its package. Runs where the guest will run, and under its time limit: a schema is
 * a stranger's, too, and may hold a regular expression that never ends. Throws `GuestError` GUEST_CONFIG.
 */
export function checkConfig({ schema, config }: ConfigCheck): void {
  const fault = faultOf(schema, config);
  if (fault === null) return;
  throw new GuestError("GUEST_CONFIG", `${fault.path}: ${fault.message}`, true, {
    remedy: `Correct ${fault.path} in the declaration.`,
  });
}

interface Fault {
  readonly path: string;
  readonly message: string;
}

function faultOf(schema: Readonly<Record<string, unknown>>, config: unknown): Fault | null {
  const { valid, errors } = validate(schema, config);
  if (valid) return null;
  // The innermost fault is the one that names the wrong value; those before it name its parents.
  const deepest = errors.reduce((best, error) =>
    depth(error.instanceLocation) >= depth(best.instanceLocation) ? error : best,
  );
  return { path: dotted(deepest.instanceLocation).slice(0, SHOWN), message: deepest.error.slice(0, SHOWN) };
}

function validate(schema: Readonly<Record<string, unknown>>, config: unknown) {
  try {
    return new Validator(schema, "2020-12", true).validate(config);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.slice(0, SHOWN) : "unusable";
    throw new GuestError("GUEST_CONFIG", `its config_schema cannot be used: ${why}`, true, {
      remedy: "The schema must be mended by the integration's author.",
      cause,
    });
  }
}

function depth(location: string): number {
  return location.split("/").length;
}

/** `#/a/0/b` as `config.a[0].b`. */
function dotted(location: string): string {
  const steps = location.split("/").slice(1);
  return steps.reduce(
    (path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : `${path}.${decodeStep(step)}`),
    "config",
  );
}

function decodeStep(step: string): string {
  const plain = step.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
