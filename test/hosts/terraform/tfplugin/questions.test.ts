import { describe, expect, it } from "vitest";
import { isQuestion } from "../../../../src/hosts/terraform/tfplugin/questions.js";

describe("a question", () => {
  it.each([
    "/tfplugin5.Provider/GetSchema",
    "/tfplugin5.Provider/PrepareProviderConfig",
    "/tfplugin6.Provider/GetProviderSchema",
    "/tfplugin6.Provider/ValidateResourceConfig",
    "/plugin.GRPCStdio/StreamStdio",
  ])("is %s", (path) => {
    expect(isQuestion(path)).toBe(true);
  });
});

describe("no question", () => {
  it.each([
    "/tfplugin5.Provider/Configure",
    "/tfplugin6.Provider/ConfigureProvider",
    "/tfplugin6.Provider/PlanResourceChange",
    "/tfplugin6.Provider/ReadResource",
    "/tfplugin6.Provider/StopProvider",
    "/tfplugin6.Provider/CallFunction",
    "/tfplugin6.Provider/UpgradeResourceState",
    "/tfplugin6.Provider/SomethingNew",
    "/plugin.GRPCController/Shutdown",
    "",
  ])("is %s", (path) => {
    expect(isQuestion(path)).toBe(false);
  });
});
