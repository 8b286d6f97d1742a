import { describe, expect, it } from "vitest";
import {
  readApplyRequest,
  readApplyResponse,
  readConfigRequest,
  readConfigureRequest,
  readImportRequest,
  readImportResponse,
  readPlanRequest,
  readPlanResponse,
  readReadDataResponse,
  readReadRequest,
  readReadResponse,
  readStopError,
} from "../../../../src/hosts/terraform/tfplugin/calls.js";
import { parseType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import { readDynamicValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { thrownCode } from "../../../support/codes.js";
import { recorded, VERSIONS } from "./fixtures.js";

/** The recorded states are msgpack strings that name their field. */
const text = (value: Uint8Array | null): unknown => readDynamicValue(value, parseType('"string"'));
const PRIVATE = Buffer.from("private");
const SEVERITIES = ["error", "warning"];

describe.each(VERSIONS)("messages that core's own code made, protocol %i", (version) => {
  const recording = (name: string): Buffer => recorded.message(version, name);
  const severities = (found: { readonly diagnostics: readonly { readonly severity: string }[] }): string[] =>
    found.diagnostics.map(({ severity }) => severity);

  it("plan", () => {
    const request = readPlanRequest(recording("planRequest"));
    const states = [request.priorState, request.proposedNewState, request.config].map(text);
    expect([request.typeName, ...states]).toEqual(["x_thing", "prior", "proposed", "config"]);
    expect(Buffer.from(request.priorPrivate)).toEqual(PRIVATE);

    const response = readPlanResponse(recording("planResponse"));
    expect(text(response.plannedState)).toBe("planned");
    expect(response.requiresReplace).toEqual([["tags", "a", 3]]);
    expect(Buffer.from(response.plannedPrivate)).toEqual(PRIVATE);
    expect(severities(response)).toEqual(SEVERITIES);
  });

  it("apply", () => {
    const request = readApplyRequest(recording("applyRequest"));
    const states = [request.priorState, request.plannedState, request.config].map(text);
    expect([request.typeName, ...states]).toEqual(["x_thing", "prior", "planned", "config"]);
    expect(Buffer.from(request.plannedPrivate)).toEqual(PRIVATE);

    const response = readApplyResponse(recording("applyResponse"));
    expect(text(response.newState)).toBe("new");
    expect(Buffer.from(response.private)).toEqual(PRIVATE);
    expect(severities(response)).toEqual(SEVERITIES);
  });

  it("read", () => {
    const request = readReadRequest(recording("readRequest"));
    expect([request.typeName, text(request.currentState)]).toEqual(["x_thing", "current"]);
    expect(Buffer.from(request.private)).toEqual(PRIVATE);

    const response = readReadResponse(recording("readResponse"));
    expect(text(response.newState)).toBe("new");
    expect(Buffer.from(response.private)).toEqual(PRIVATE);
    expect(severities(response)).toEqual(SEVERITIES);
  });

  it("readData", () => {
    const request = readConfigRequest(recording("readDataRequest"));
    expect([request.typeName, text(request.config)]).toEqual(["x_data", "config"]);
    const response = readReadDataResponse(recording("readDataResponse"));
    expect(text(response.state)).toBe("state");
    expect(severities(response)).toEqual(SEVERITIES);
  });

  it("configure", () => {
    const request = readConfigureRequest(recording("configureRequest"));
    expect([request.terraformVersion, text(request.config)]).toEqual(["1.12.6", "config"]);
  });

  it("validateResource and validateData", () => {
    const resource = readConfigRequest(recording("validateResourceRequest"));
    expect([resource.typeName, text(resource.config)]).toEqual(["x_thing", "config"]);
    const data = readConfigRequest(recording("validateDataRequest"));
    expect([data.typeName, text(data.config)]).toEqual(["x_data", "config"]);
  });

  it("import", () => {
    expect(readImportRequest(recording("importRequest"))).toEqual({ typeName: "x_thing", id: "i-1" });
    const response = readImportResponse(recording("importResponse"));
    const seen = response.resources.map(({ typeName, state, private: bytes }) => [
      typeName,
      text(state),
      Buffer.from(bytes).toString(),
    ]);
    expect(seen).toEqual([
      ["x_thing", "state", "private"],
      ["x_other", null, ""],
    ]);
    expect(severities(response)).toEqual(SEVERITIES);
  });

  it("stop", () => {
    expect(readStopError(recording("stopResponse"))).toBe("cannot");
  });
});

describe("every reader", () => {
  const readers = {
    readApplyRequest,
    readApplyResponse,
    readConfigRequest,
    readConfigureRequest,
    readImportRequest,
    readImportResponse,
    readPlanRequest,
    readPlanResponse,
    readReadDataResponse,
    readReadRequest,
    readReadResponse,
    readStopError,
  };

  it.each(Object.entries(readers))(
    "%s takes an empty message, and throws TFPLUGIN_MESSAGE for what is none",
    (_, read) => {
      expect(read(new Uint8Array(0))).toBeDefined();
      expect(thrownCode(() => read(Uint8Array.of(0x0a, 0x7f)))).toBe("TFPLUGIN_MESSAGE");
    },
  );

  it("takes states that are absent as null, and private bytes as empty", () => {
    expect(readPlanRequest(lengthField(1, "x"))).toMatchObject({ typeName: "x", priorState: null, config: null });
    expect(readReadRequest(integerField(3, 1)).private).toHaveLength(0);
  });
});
