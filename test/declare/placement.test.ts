import { describe, expect, test } from "vitest";
import { declared, faults, shown } from "./folder.js";

describe("in .tf files", () => {
  test("blocks of several terraform blocks, beside everything else", async () => {
    const text = `
terraform {
  required_version = ">= 1.5"
  integration "a" {}
  backend "local" {}
}
resource "x" "y" {
  integration {
    kind = var.kind
  }
}
terraform {
  integration "b" {}
}
`;
    const declarations = await declared({ "main.tf": text });
    expect(declarations.map(({ name, location }) => [name, location?.line])).toEqual([
      ["a", 4],
      ["b", 13],
    ]);
  });

  test("at the top it is misplaced", async () => {
    expect((await faults({ "main.tf": '\nintegration "a" {}' })).map(shown)).toEqual(["DECLARE_MISPLACED 2:1"]);
  });

  test("as an argument it is misplaced", async () => {
    expect((await faults({ "main.tf": "terraform {\n  integration = {}\n}" })).map(shown)).toEqual([
      "DECLARE_MISPLACED 2:3",
    ]);
  });
});

describe("in airlock.hcl", () => {
  test.each([
    ['terraform {\n  integration "a" {}\n}', "1:1"],
    ['provider "aws" {}', "1:1"],
    ['integration "a" {}\nx = 1', "2:1"],
    ["integration = 1", "1:1"],
  ])("%j is misplaced", async (text, place) => {
    expect((await faults({ "airlock.hcl": text })).map(shown)).toEqual([`DECLARE_MISPLACED ${place}`]);
  });

  test("comments and nothing at all are fine", async () => {
    expect(await declared({ "airlock.hcl": "# nothing\n/* yet */\n" })).toEqual([]);
    expect(await declared({ "airlock.hcl": "" })).toEqual([]);
  });
});

describe("across files", () => {
  test("two integrations of one name, told with both places", async () => {
    const [error] = await faults({
      "airlock.hcl": 'integration "a" {}',
      "main.tf": 'terraform {\n  integration "a" {}\n}',
    });
    expect(error && shown(error)).toBe("DECLARE_DUPLICATE_NAME 2:3");
    expect(error?.message).toContain("airlock.hcl:1:1");
  });

  test("after may name an integration of another file", async () => {
    const files = {
      "airlock.hcl": 'integration "a" { after = ["b"] }',
      "main.tf": 'terraform {\n  integration "b" {}\n}',
    };
    expect((await declared(files)).map(({ after }) => after)).toEqual([["b"], []]);
  });

  test("an unknown name in after, and a cycle", async () => {
    const unknown = await faults({ "airlock.hcl": 'integration "a" { after = ["b"] }' });
    expect(unknown.map(shown)).toEqual(["DECLARE_UNKNOWN_AFTER 1:1"]);
    const cycle = await faults({
      "airlock.hcl": 'integration "a" { after = ["b"] }\nintegration "b" { after = ["a"] }',
    });
    expect(cycle.map(shown)).toEqual(["DECLARE_CYCLE 1:1"]);
  });
});
