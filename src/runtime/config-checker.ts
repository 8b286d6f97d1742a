import * as v from "valibot";
import type { Guest } from "../../runtimes/guest.js";
import { parseJson } from "../protocol/json.js";
import { NO_GRANTS } from "../protocol/grants.js";
import { DEFAULT_LIMITS } from "../protocol/limits.js";
import type { Sandbox } from "../sandbox/sandbox.js";
import type { ProgramSpec } from "../sandbox/messages.js";
import { RuntimeError } from "./runtime-error.js";

const CHECK_TIMEOUT_MS = 2_000;
const SPEC: ProgramSpec = {
  kind: "config-check",
  name: "config-check",
  code: new Uint8Array(),
  limits: { ...DEFAULT_LIMITS, timeoutMs: CHECK_TIMEOUT_MS },
  grants: NO_GRANTS,
};

const FaultSchema = v.nullable(v.object({ path: v.string(), message: v.string() }));

/** Checks configs against the JSON Schemas of their packages, one after the other in one worker of the sandbox. */
export class ConfigChecker {
  readonly #sandbox: Sandbox;
  #poolId: number | null = null;
  #guest: Guest | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Rejects with `RuntimeError` RUNTIME_CONFIG_INVALID, which names the path, or says that the schema cannot be used. */
  check(schema: Readonly<Record<string, unknown>>, config: Readonly<Record<string, unknown>>): Promise<void> {
    const checked = this.#last.then(() => this.#check(schema, config));
    this.#last = checked.catch(() => undefined);
    return checked;
  }

  /** Gives the worker back. */
  async close(): Promise<void> {
    await this.#guest?.close();
    this.#guest = null;
    if (this.#poolId !== null) this.#sandbox.dropPool(this.#poolId);
    this.#poolId = null;
  }

  async #check(schema: unknown, config: unknown): Promise<void> {
    const line = JSON.stringify({ schema, config });
    let answer: string | undefined;
    try {
      this.#poolId ??= this.#sandbox.addPool(SPEC, 1);
      this.#guest ??= await this.#sandbox.open(this.#poolId, { log: () => undefined });
      [answer] = (await this.#guest.exchange(line)).lines;
    } catch (cause) {
      await this.#guest?.close();
      this.#guest = null;
      throw unusable(cause);
    }
    const fault = v.parse(FaultSchema, parseJson(answer ?? "", DEFAULT_LIMITS.messageBytes));
    if (fault === null) return;
    throw new RuntimeError("RUNTIME_CONFIG_INVALID", `${fault.path}: ${fault.message}`, {
      remedy: `Correct ${fault.path} in the declaration.`,
    });
  }
}

function unusable(cause: unknown): RuntimeError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new RuntimeError("RUNTIME_CONFIG_INVALID", `the config could not be checked: ${message}`, {
    remedy: "The config_schema of the package must be mended by its author.",
    cause,
  });
}
