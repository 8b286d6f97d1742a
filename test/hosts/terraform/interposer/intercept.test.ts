import { describe, expect, it } from "vitest";
import { interceptCall } from "../../../../src/hosts/terraform/interposer/intercept.js";
import { VERSIONS } from "../tfplugin/fixtures.js";
import { openSession } from "./sessions.js";

const METHODS = {
  5: {
    looked: ["GetSchema", "PrepareProviderConfig", "Configure", "ReadResource", "PlanResourceChange"],
    validate: "ValidateResourceTypeConfig",
    passed: ["ValidateDataSourceConfig", "Stop", "GetMetadata", "GetProviderSchema", "ConfigureProvider"],
  },
  6: {
    looked: ["GetProviderSchema", "ValidateProviderConfig", "ConfigureProvider", "ReadResource", "PlanResourceChange"],
    validate: "ValidateResourceConfig",
    passed: ["ValidateDataResourceConfig", "StopProvider", "GetMetadata", "GetSchema", "Configure"],
  },
} as const;
const SHARED = ["ApplyResourceChange", "ReadDataSource", "MoveResourceState"];
const SHARED_PASSED = ["UpgradeResourceState", "ImportResourceState", "CallFunction"];

describe.each(VERSIONS)("calls of protocol %i", (version) => {
  const path = (name: string) => `/tfplugin${version}.Provider/${name}`;

  it.each([...METHODS[version].looked, ...SHARED])("%s is looked into", (name) => {
    const { session } = openSession();
    expect(interceptCall(session, path(name))).not.toBeNull();
  });

  it.each([...METHODS[version].passed, ...SHARED_PASSED])("%s passes through", (name) => {
    const { session } = openSession();
    expect(interceptCall(session, path(name))).toBeNull();
  });

  it("validation of a resource is looked into only when core validates for the sake of it", () => {
    for (const phase of ["init", "plan", "destroy-plan", "apply", "refresh", "import", "show"] as const) {
      expect(interceptCall(openSession({ phase }).session, path(METHODS[version].validate))).toBeNull();
    }
    const { session } = openSession({ phase: "validate" });
    expect(interceptCall(session, path(METHODS[version].validate))).not.toBeNull();
  });
});

describe("other calls", () => {
  it.each([
    "/plugin.GRPCController/Shutdown",
    "/grpc.health.v1.Health/Check",
    "/tfplugin7.Provider/PlanResourceChange",
    "/tfplugin6.Provider/",
    "/tfplugin6.provider/PlanResourceChange",
    "/tfplugin6.Provider/PlanResourceChange/",
    "",
  ])("%s passes through", (path) => {
    expect(interceptCall(openSession().session, path)).toBeNull();
  });

  it("each call has a handler of its own", () => {
    const { session } = openSession();
    const path = "/tfplugin6.Provider/PlanResourceChange";
    expect(interceptCall(session, path)).not.toBe(interceptCall(session, path));
  });
});
