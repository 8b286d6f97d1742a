import { resolve } from "node:path";
import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { workspace } from "../../support/live/workspace.js";

const BUDGET = `integration "budget_checker" {
  source = ${JSON.stringify(resolve("integrations/budget-checker"))}
  config = {
    max_cost = 1000
    prices   = { mockcloud_instance = { attribute = "size", sizes = { small = 10, large = 400, monster = 4000 } } }
  }
}
`;

function instances(sizes: Readonly<Record<string, string>>): string {
  return Object.entries(sizes)
    .map(([name, size]) => `resource "mockcloud_instance" "${name}" {\n  name = "${name}"\n  size = "${size}"\n}\n`)
    .join("");
}

await describeLive("budget_checker with max_cost = 1000", (core) => {
  it.each(PROTOCOLS)("halts a plan with core's error naming the resource, on protocol %i", async (protocol) => {
    const main = withMockcloud(protocol, instances({ fine: "small", wild: "monster" }));
    const space = await workspace({ files: { "main.tf": main, "airlock.hcl": BUDGET } });
    await space.init(core);
    const { code, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Error: budget_checker: 4000\.00 USD a month alone is over the 1000\.00 USD allowed\n\n {2}with mockcloud_instance\.wild,\n {2}on main\.tf line \d+, in resource "mockcloud_instance" "wild":\n {2}\d+: {3}size = "monster"/,
    );
  });

  it("halts a plan whose sum is over the budget, with the resources that make most of it", async () => {
    const sizes = { one: "large", two: "large", three: "large", little: "small" };
    const space = await workspace({ files: { "main.tf": withMockcloud(6, instances(sizes)), "airlock.hcl": BUDGET } });
    await space.init(core);
    const { code, stderr, report } = await airlockReport(space, core, ["apply", "-auto-approve"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: budget_checker: 1210.00 USD a month is over the 1000.00 USD allowed");
    for (const name of ["one", "two", "three", "little"]) expect(stderr).toContain(`mockcloud_instance.${name} costs`);
    expect(report?.results.at(-1)).toMatchObject({ status: "fail", metadata: { monthly_cost: 1210, max_cost: 1000 } });
    expect(space.calls().map(({ method }) => method)).not.toContain("create");

    space.write({ "main.tf": withMockcloud(6, instances({ one: "large", two: "large" })) });
    const within = await airlock(space, core, ["apply", "-auto-approve"]);
    expect(within.code).toBe(0);
    expect(space.calls().filter(({ method }) => method === "create")).toHaveLength(2);
  });
});
