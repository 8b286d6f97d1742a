import { expect, it } from "vitest";
import { airlockReport, type Reported } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { logged, LOGGER } from "../../support/live/logger.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { workspace } from "../../support/live/workspace.js";

const PROJECT = `
data "mockcloud_secret" "known" {
  name = "known"
}
data "mockcloud_image" "each" {
  for_each = toset(["a", "b"])
  name     = each.key
}
resource "mockcloud_instance" "base" {
  name = data.mockcloud_secret.known.name
}
data "mockcloud_image" "later" {
  name = mockcloud_instance.base.id
}
`;

const IN_DOUBT = "data.mockcloud_image.each or data.mockcloud_image.later (address not known yet) read";
const IN_PLAN = [IN_DOUBT, IN_DOUBT, "data.mockcloud_secret.known read"];

await describeLive("data sources", (core) => {
  it.each(PROTOCOLS)("are told around each read, in the walk that reads them, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, PROJECT), "airlock.hcl": LOGGER } });
    await space.init(core);

    const planned = await logged(space, core, ["plan", "-out=saved.tfplan"]);
    expect(planned).toMatchObject({ "pre-read-data": IN_PLAN, "post-read-data": IN_PLAN });
    // Its name is known only after apply.
    const applied = await logged(space, core, ["apply", "saved.tfplan"]);
    expect(applied).toMatchObject({ "pre-read-data": [IN_DOUBT], "post-read-data": [IN_DOUBT] });

    const again = await logged(space, core, ["plan"]);
    const all = [IN_DOUBT, ...IN_PLAN];
    expect(again).toMatchObject({
      "pre-read-data": all,
      "post-read-data": all,
      "plan-stage-complete": ["5 resources"],
    });
  });

  it("have their exact addresses in the report, as soon as a plan or a state tells them", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(5, PROJECT), "airlock.hcl": LOGGER } });
    await space.init(core);
    const read = ['data.mockcloud_image.each["a"]', 'data.mockcloud_image.each["b"]', "data.mockcloud_secret.known"];
    const planned = await airlockReport(space, core, ["plan", "-out=saved.tfplan"]);
    expect(addresses(planned, "pre-read-data")).toEqual(read);
    expect(addresses(planned, "post-read-data")).toEqual(read);
    const applied = await airlockReport(space, core, ["apply", "saved.tfplan"]);
    expect(addresses(applied, "post-read-data")).toEqual(["data.mockcloud_image.later"]);
  });
});

function addresses({ report }: Reported, hook: string): readonly unknown[] {
  return (report?.results ?? []).flatMap((result) => (result.hook === hook ? [result.address] : [])).sort();
}
