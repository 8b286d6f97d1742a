import { describe, expect, it } from "vitest";
import { GuestError } from "../../runtimes/guest-error.js";
import type { GuestErrorCode } from "../../runtimes/guest-error.js";
import type { AirlockEvent } from "../../src/protocol/events.js";
import { Quarantine, quarantined } from "../../src/runtime/quarantine.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

const ended = (code: GuestErrorCode, gone = true): GuestError => new GuestError(code, "scripted", gone);
const EVENT = resourceEvent("a.b");

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error;
}

/** The codes that these failures of one event are reported with, and that of the next time it would be sent. */
function after(errors: readonly Error[], event: AirlockEvent = EVENT, next = event): unknown[] {
  const quarantine = new Quarantine();
  const codes = errors.map((error) => codeOf(quarantine.failed(event, error)));
  try {
    quarantine.check(next);
  } catch (error) {
    return [...codes, codeOf(error)];
  }
  return [...codes, undefined];
}

describe("an event in which its guest ended", () => {
  it("once is sent again when it comes again", () => {
    expect(after([ended("GUEST_CRASHED")])).toEqual(["GUEST_CRASHED", undefined]);
  });

  it("twice is named, and not sent any more", () => {
    expect(after([ended("GUEST_CRASHED"), ended("GUEST_TIMEOUT")])).toEqual([
      "GUEST_CRASHED",
      "RUNTIME_QUARANTINED",
      "RUNTIME_QUARANTINED",
    ]);
  });

  it("and which was found alone with its guest is not sent any more", () => {
    expect(after([quarantined(ended("GUEST_SANDBOX_DIED"))])).toEqual(["RUNTIME_QUARANTINED", "RUNTIME_QUARANTINED"]);
  });

  it.each([
    ["that its guest survived", ended("GUEST_CRASHED", false)],
    ["that never reached its guest", ended("GUEST_GONE")],
    ["that was lost with a shared sandbox host", ended("GUEST_SANDBOX_DIED")],
    ["that was answered wrongly", new Error("PROTOCOL")],
  ])("is not taken for one %s", (_, error) => {
    expect(after([error, error, error]).at(-1)).toBeUndefined();
  });

  it.each([
    ["another address", resourceEvent("a.c")],
    ["another hook", resourceEvent("a.b", "pre-plan-resource")],
  ])("says nothing of %s", (_, other) => {
    expect(after([ended("GUEST_CRASHED"), ended("GUEST_CRASHED")], EVENT, other).at(-1)).toBeUndefined();
  });

  it("is told from others by its address, so one without is always sent", () => {
    const unknown = { ...EVENT, params: { ...EVENT.params, address: null } } as AirlockEvent;
    expect(after([ended("GUEST_CRASHED"), ended("GUEST_CRASHED")], unknown)).toEqual([
      "GUEST_CRASHED",
      "GUEST_CRASHED",
      undefined,
    ]);
  });
});

describe("a poison event in a run", () => {
  it("ends two guests and no third; the events beside it have their verdicts, and on_error says what it means", async () => {
    const code = jsIntegration(
      `if (params.type === "poison") for (;;); return { status: "success", message: String(++calls) };`,
      {},
      "let calls = 0;",
    );
    const directory = temporaryFolder({ "code.js": code });
    await using runtime = createRuntime({
      integrations: [{ name: "one", directory, source: "./code.js", timeoutMs: 200, onError: "warn" }],
    });
    expect(await runtime.start()).toEqual([]);
    const said: string[] = [];
    for (const type of ["ok", "poison", "ok", "poison", "ok", "poison", "poison", "ok"]) {
      const { results } = await runtime.dispatch(resourceEvent(`${type}.a`));
      said.push(...results.map(({ error, status, message }) => `${status} ${error?.code ?? message}`));
    }
    expect(said).toEqual([
      "success 1",
      "warn GUEST_TIMEOUT",
      "success 1",
      "warn RUNTIME_QUARANTINED",
      "success 1",
      "warn RUNTIME_QUARANTINED",
      "warn RUNTIME_QUARANTINED",
      "success 2",
    ]);
    expect(runtime.report()).toMatchObject([{ calls: 8, failures: 4, restarts: 2, circuit: "closed" }]);
  });
});
