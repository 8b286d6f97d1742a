import { Validator } from "@cfworker/json-schema";
import * as v from "valibot";
import type { GuestIo } from "../../../runtimes/guest.js";
import { GuestError } from "../../../runtimes/guest-error.js";

const RequestSchema = v.object({ schema: v.record(v.string(), v.unknown()), config: v.unknown() });

/** The first place at which a config breaks its schema; null = it does not. */
export interface ConfigFault {
  readonly path: string;
  readonly message: string;
}

/**
 * Answers each line `{schema, config}` with a `ConfigFault` or null, as JSON. Runs in a worker since a schema from a
 * package may hold a regular expression that never ends.
 */
export function checkConfigs(io: GuestIo): void {
  for (let line = io.read(); line !== null; line = io.read()) {
    try {
      const { schema, config } = v.parse(RequestSchema, JSON.parse(line));
      io.write(JSON.stringify(faultOf(schema, config)));
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : "unusable";
      io.fail(
        new GuestError("GUEST_LOAD", `its config_schema cannot be used: ${message.slice(0, 300)}`, false, { cause }),
      );
    }
  }
}

function faultOf(schema: Record<string, unknown>, config: unknown): ConfigFault | null {
  const { valid, errors } = new Validator(schema, "2020-12", true).validate(config);
  if (valid) return null;
  // The innermost fault is the one that names the wrong value; those before it name its parents.
  const deepest = errors.reduce((best, error) =>
    depth(error.instanceLocation) >= depth(best.instanceLocation) ? error : best,
  );
  return { path: dotted(deepest.instanceLocation), message: deepest.error };
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
