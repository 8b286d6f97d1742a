import { describe, expect, it } from "vitest";
import { methodOf } from "../../../../src/hosts/terraform/tfplugin/methods.js";

describe("methodOf", () => {
  it.each([
    ["schema", "GetSchema", "GetProviderSchema"],
    ["validateProvider", "PrepareProviderConfig", "ValidateProviderConfig"],
    ["configure", "Configure", "ConfigureProvider"],
    ["validateResource", "ValidateResourceTypeConfig", "ValidateResourceConfig"],
    ["validateData", "ValidateDataSourceConfig", "ValidateDataResourceConfig"],
    ["upgrade", "UpgradeResourceState", "UpgradeResourceState"],
    ["read", "ReadResource", "ReadResource"],
    ["plan", "PlanResourceChange", "PlanResourceChange"],
    ["apply", "ApplyResourceChange", "ApplyResourceChange"],
    ["import", "ImportResourceState", "ImportResourceState"],
    ["move", "MoveResourceState", "MoveResourceState"],
    ["readData", "ReadDataSource", "ReadDataSource"],
    ["stop", "Stop", "StopProvider"],
  ])("has one name, %s, for both versions", (method, five, six) => {
    expect(methodOf(`/tfplugin5.Provider/${five}`)).toEqual({ version: 5, method });
    expect(methodOf(`/tfplugin6.Provider/${six}`)).toEqual({ version: 6, method });
  });

  it.each([
    "/tfplugin6.Provider/GetSchema",
    "/tfplugin5.Provider/GetProviderSchema",
    "/tfplugin5.Provider/CallFunction",
    "/tfplugin5.Provisioner/GetSchema",
    "/tfplugin7.Provider/ReadResource",
    "/tfplugin5.Provider/ReadResource/",
    "tfplugin5.Provider/ReadResource",
    "/plugin.GRPCController/Shutdown",
    "__proto__",
    "",
  ])("knows nothing of %j", (path) => {
    expect(methodOf(path)).toBeNull();
  });
});
