import { expect, it } from "vitest";
import * as v from "valibot";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, type Rule } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

const PROJECT = `
data "mockcloud_image" "image" {
  name = "image"
}
resource "mockcloud_instance" "web" {
  name = "web"
  zone = "a"
}
resource "terraform_data" "inside" {
}
`;

const findings = [{ rule: "style", severity: "low" as const, message: "it could be nicer" }];
const HOOKS = [
  ...["pre-plan-resource", "post-plan-resource", "pre-apply-resource", "post-apply-resource"],
  ...["pre-refresh-resource", "post-refresh-resource", "pre-read-data", "post-read-data", "pre-configure-provider"],
  ...["plan-stage-start", "plan-stage-complete", "apply-stage-start", "apply-stage-complete"],
] as Rule["hook"][];
const WARNS = HOOKS.map((hook) => ({ hook, status: "warn" as const, message: `mind ${hook}`, findings }));

/** The summaries that were printed, each once, with the address below it where there is one. */
function warnings(text: string): string[] {
  // Without colours core prints no frame, and we do.
  const plain = text.replaceAll(/^[│╷╵] ?/gm, "");
  const found = plain.matchAll(/^Warning: recorder: mind (\S+)\n(?:\n {2}with ([^\s,]+))?/gm);
  const told = [...found].map(([, hook = "", address = ""]) => `${hook} ${address.replace(/\[".*/, "")}`.trim());
  return [...new Set(told)].sort();
}

const IN_PLAN = [
  ...["plan-stage-complete", "plan-stage-start", "pre-configure-provider provider"],
  ...["post-read-data data.mockcloud_image.image", "pre-read-data data.mockcloud_image.image"],
];
const BOTH = ["mockcloud_instance.web", "terraform_data.inside"];
const around = (what: string) => BOTH.flatMap((one) => [`pre-${what}-resource ${one}`, `post-${what}-resource ${one}`]);

await describeLive("a warning", (core) => {
  it.each(PROTOCOLS)("of every hook is shown with its address, and stops nothing, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, PROJECT) } });
    space.write({ "airlock.hcl": recorder(space, { say: WARNS }) });
    await space.init(core);
    const run = async (...args: string[]) => {
      const { code, stdout, stderr, report } = await airlockReport(space, core, [...args, "-no-color"]);
      expect(report?.verdict).toBe("warn");
      expect(stdout + stderr).toContain("- style (low): it could be nicer");
      expect(stderr).toContain("WARN");
      return { code, shown: warnings(stdout + stderr) };
    };
    const planned = await run("plan", "-out=saved.tfplan", "-detailed-exitcode");
    expect(planned).toEqual({ code: 2, shown: [...IN_PLAN, ...around("plan")].sort() });
    const applied = await run("apply", "saved.tfplan");
    const inApply = [
      "apply-stage-complete",
      "apply-stage-start",
      "plan-stage-complete",
      "plan-stage-start",
      "pre-configure-provider provider",
      ...around("plan"),
      ...around("apply"),
    ];
    expect(applied).toEqual({ code: 0, shown: inApply.sort() });
    const again = await run("plan", "-detailed-exitcode");
    const refreshed = ["pre", "post"].map((when) => `${when}-refresh-resource mockcloud_instance.web`);
    expect(again).toEqual({ code: 0, shown: [...IN_PLAN, ...around("plan"), ...refreshed].sort() });
  });

  it("of a replacement is shown, though core drops those of its second half", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(5, PROJECT) } });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    space.write({ "main.tf": withMockcloud(5, PROJECT.replace('zone = "a"', 'zone = "b"')) });
    const say = WARNS.filter(({ hook }) => hook === "post-plan-resource");
    space.write({ "airlock.hcl": recorder(space, { say, resourceTypes: ["mockcloud_*"] }) });
    const { code, stdout, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(0);
    expect(stdout).toContain("must be replaced");
    expect(warnings(stdout + stderr)).toEqual(["post-plan-resource mockcloud_instance.web"]);
  });

  it("is a message of core's own in -json, whose stdout holds nothing else", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, PROJECT) } });
    space.write({ "airlock.hcl": recorder(space, { say: WARNS }) });
    await space.init(core);
    const { code, stdout, stderr } = await airlock(space, core, ["plan", "-json"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    const messages = lines.map((line) => v.parse(v.looseObject({ type: v.string() }), JSON.parse(line)));
    const diagnostics = messages.filter(({ type }) => type === "diagnostic").map(({ diagnostic }) => diagnostic);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        summary: "recorder: mind post-plan-resource",
        address: "mockcloud_instance.web",
      }),
    );
    expect(stderr).toContain("recorder: mind plan-stage-complete");
  });
});
