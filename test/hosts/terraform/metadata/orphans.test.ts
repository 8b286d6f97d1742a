import { expect, it } from "vitest";
import { ORPHAN_REASONS, orphansOf } from "../../../../src/hosts/terraform/metadata/orphans.js";
import type { StoredRow } from "../../../../src/hosts/terraform/metadata/read-metadata.js";

const [GONE, UNDECLARED] = ORPHAN_REASONS;
const row = (address: string, integration: string): StoredRow => {
  return { address, deposed: null, integration, version: 0, where: "sidecar", data: {} };
};
const objects = [{ address: "mock_thing.a" }];

it.each([
  ["of a resource that the state has, by a declared integration", "mock_thing.a", "cost", []],
  ["of a resource that is gone", "mock_thing.b", "cost", [GONE]],
  ["by an integration that is not declared", "mock_thing.a", "old", [UNDECLARED]],
  ["of which both is true: the resource is gone", "mock_thing.b", "old", [GONE]],
])("what is stored is an orphan or not: %s", (_what, address, integration, reasons) => {
  const found = orphansOf([row(address, integration)], objects, new Set(["cost"]));
  expect(found.map(({ reason }) => reason)).toEqual(reasons);
});
