import { afterEach, expect, test, vi } from "vitest";
import { Parser, Tree } from "web-tree-sitter";
import { declared, faults } from "./folder.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("the HCL parser is loaded only for a file that may have an integration block, and once", async () => {
  const init = vi.spyOn(Parser, "init");
  await declared({ "main.tf": 'resource "aws_apigatewayv2_integration" "x" {}\n' });
  await declared({ "main.tf.json": '{"terraform":{"integration":{"a":{}}}}' });
  expect(init).not.toHaveBeenCalled();
  const [a, b] = await Promise.all(["a", "b"].map((name) => declared({ "airlock.hcl": `integration "${name}" {}` })));
  expect([a?.[0]?.name, b?.[0]?.name]).toEqual(["a", "b"]);
  await declared({ "airlock.hcl": 'integration "c" {}' });
  expect(init).toHaveBeenCalledTimes(1);
});

test("every syntax tree is given back, whatever the file was", async () => {
  const parsed = vi.spyOn(Parser.prototype, "parse");
  const deleted = vi.spyOn(Tree.prototype, "delete");
  await declared({ "airlock.hcl": 'integration "a" {}' });
  await faults({ "airlock.hcl": 'integration "a" {' });
  await faults({ "airlock.hcl": 'integration "a" { source = var.x }', "main.tf": 'integration "b" {}' });
  expect(parsed).toHaveBeenCalledTimes(4);
  expect(deleted).toHaveBeenCalledTimes(4);
});
