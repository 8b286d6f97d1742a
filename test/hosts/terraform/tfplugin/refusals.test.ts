import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../../src/hosts/terraform/tfplugin/diagnostics.js";
import { refuse } from "../../../../src/hosts/terraform/tfplugin/refusals.js";
import type { RefusableMethod } from "../../../../src/hosts/terraform/tfplugin/refusals.js";
import { thrownCode } from "../../../support/codes.js";
import { recorded, VERSIONS } from "./fixtures.js";
import { base64, decode } from "./oracle.js";

const ERROR: Diagnostic = { severity: "error", summary: "no", detail: "because", path: null };
const DIAGNOSTICS = [{ severity: 1, summary: "no", detail: "because" }];
const NULL = { msgpack: base64(Uint8Array.of(0xc0)) };
const PRIVATE = base64("private");
/** The recorded states are msgpack strings that name their field. */
const state = (name: string): object => ({
  msgpack: base64(Buffer.concat([Uint8Array.of(0xa0 | name.length), Buffer.from(name)])),
});

describe.each(VERSIONS)("a refusal, protocol %i", (version) => {
  const refused = (method: RefusableMethod, message: string): unknown =>
    decode(message, refuse(method, recorded.message(version, `${method}Request`), [ERROR]));

  it("of a plan plans nothing", () => {
    expect(refused("plan", "PlanResponse")).toEqual({
      planned_state: state("prior"),
      planned_private: PRIVATE,
      diagnostics: DIAGNOSTICS,
    });
  });

  it("of an apply gives no state, for which core keeps the object with all that belongs to it", () => {
    expect(refused("apply", "ApplyResponse")).toEqual({ new_state: NULL, private: PRIVATE, diagnostics: DIAGNOSTICS });
  });

  it("of a read gives back what core had", () => {
    expect(refused("read", "ReadResponse")).toEqual({
      new_state: state("current"),
      private: PRIVATE,
      diagnostics: DIAGNOSTICS,
    });
  });

  it("of reading data gives no data", () => {
    expect(refused("readData", "ReadDataResponse")).toEqual({ state: NULL, diagnostics: DIAGNOSTICS });
  });

  it.each(["configure", "validateResource", "validateData"] as const)("of %s holds the errors alone", (method) => {
    expect(refused(method, "ConfigureResponse")).toEqual({ diagnostics: DIAGNOSTICS });
  });

  it("of validateProvider has no prepared configuration, which core takes as null", () => {
    expect(refused("validateProvider", "ValidateProviderResponse")).toEqual({ diagnostics: DIAGNOSTICS });
  });
});

describe("a refusal of a request with nothing in it", () => {
  it.each([
    ["plan", "PlanResponse", "planned_state"],
    ["read", "ReadResponse", "new_state"],
  ] as const)("has a null state: %s", (method, message, field) => {
    expect(decode(message, refuse(method, new Uint8Array(0), [ERROR]))[field]).toEqual(NULL);
  });
});

describe("the diagnostics of a refusal", () => {
  const severities = (diagnostics: readonly [Diagnostic, ...Diagnostic[]]): unknown => {
    const response = decode("ConfigureResponse", refuse("configure", new Uint8Array(0), diagnostics));
    const found = response["diagnostics"];
    return Array.isArray(found) && found.map((diagnostic) => (diagnostic as { severity: number }).severity);
  };
  const warning: Diagnostic = { ...ERROR, severity: "warning" };

  it("keep warnings beside an error", () => {
    expect(severities([warning, ERROR])).toEqual([2, 1]);
  });

  it("are errors where none is: core would take the answer for success", () => {
    expect(severities([warning, warning])).toEqual([1, 1]);
  });
});

describe("a refusal of what is no message", () => {
  it.each(["plan", "apply", "read"] as const)("is TFPLUGIN_MESSAGE: %s", (method) => {
    expect(thrownCode(() => refuse(method, Uint8Array.of(0x0a, 0x7f), [ERROR]))).toBe("TFPLUGIN_MESSAGE");
  });
});
