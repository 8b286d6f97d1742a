import { expect, it } from "vitest";
import { resource, stateBytes } from "../../hosts/terraform/records/states.js";
import { holding, kept } from "../../hosts/terraform/metadata/stored-states.js";
import { FakeProject } from "./fake-core.js";

const COUNT = 5000;
const ATTRIBUTES = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`attribute_${at}`, `value ${at}`]));

it("lists 5,000 resources with 1 KiB each, and changes one of them", async () => {
  const bytes = holding({ cost: { note: "x".repeat(1010) } });
  const instances = Array.from({ length: COUNT }, (_, at) => kept(bytes, { index_key: at, attributes: ATTRIBUTES }));
  const project = new FakeProject(stateBytes([resource({ instances })]));
  const { stdout } = await project.run(["metadata", "list"]);
  expect(stdout.split("\n")).toHaveLength(COUNT + 2);
  const { code } = await project.run(["metadata", "set", "mock_thing.one[4999]", "--integration", "cost", "{}"]);
  expect(code).toBe(0);
  expect(project.stored.at(-1)).toContain("x".repeat(1010));
  expect(project.stored).toContain("mock_thing.one[4999] cost {}");
});
