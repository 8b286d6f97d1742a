import { expect, it } from "vitest";
import { airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeRecorded } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

await describeLive("init", (core) => {
  it("starts the integrations under a provider, and fires no hook but its own", async () => {
    const space = await workspace({ files: {} });
    const say = [{ hook: "validate-resource" as const, status: "fail" as const, message: "not asked for" }];
    const resource = `resource "mockcloud_bucket" "one" { name = "one" }`;
    space.write({ "main.tf": withMockcloud(5, resource, recorder(space, { say })) });
    const { code, report } = await airlockReport(space, core, ["init"]);
    expect([code, report?.verdict]).toEqual([0, "pass"]);
    expect(takeRecorded(space).map(({ method }) => method)).toEqual([
      "initialize",
      "init-stage-start",
      "init-stage-complete",
      "shutdown",
    ]);
  });
});
