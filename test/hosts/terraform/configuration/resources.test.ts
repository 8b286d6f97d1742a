import { describe, expect, test } from "vitest";
import { configured } from "./folder.js";

const HCL = `
resource "aws_instance" "web" {
  count         = 2
  ami           = "ami-1" # a comment
  instance_type = var.type
  tags = {
    Name = "web"
  }
  list     = ["a", 1, true, null]
  mixed    = ["a", var.b]
  negative = -1.5
  text     = <<-EOT
    one
  EOT
  escaped  = "a\\tb $\${c}"
  depends_on = []
  lifecycle {
    ignore_changes = [ami]
  }
  root_block_device {
    size = 1
  }
}
data "aws_ami" "a" {
  most_recent = true
}
resource aws_eip bare {}
`;
const JSON_FORM = JSON.stringify({
  "//": "a comment",
  resource: {
    aws_instance: {
      web: {
        count: 2,
        ami: "ami-1",
        instance_type: "${var.type}",
        tags: { Name: "web" },
        list: ["a", 1, true, null],
        mixed: ["a", "${var.b}"],
        negative: -1.5,
        text: "one\n",
        escaped: "a\tb $${c}",
        depends_on: [],
        lifecycle: { ignore_changes: ["ami"] },
        "//": "another",
      },
    },
    aws_eip: [{ bare: {} }],
  },
  data: { aws_ami: { a: [{ most_recent: true }] } },
});

describe.each([
  ["HCL", { "main.tf": HCL }],
  ["JSON", { "main.tf.json": JSON_FORM }],
])("resources in %s", (_form, files) => {
  test("have modes, types, names and addresses", async () => {
    const { resources, incomplete } = await configured(files);
    const shown = resources.map(({ address, mode, repeated, modulePath }) => [address, mode, repeated, modulePath]);
    expect(shown.sort()).toEqual([
      ["aws_eip.bare", "managed", false, []],
      ["aws_instance.web", "managed", true, []],
      ["data.aws_ami.a", "data", false, []],
    ]);
    expect(incomplete).toBe(false);
  });

  test("keep the attributes that are literals, and none of core's own", async () => {
    const { resources } = await configured(files);
    const web = resources.find(({ name }) => name === "web");
    expect(Object.fromEntries(web?.literals ?? [])).toEqual({
      ami: "ami-1",
      tags: { Name: "web" },
      list: ["a", 1, true, null],
      negative: -1.5,
      text: "one\n",
      escaped: "a\tb ${c}",
    });
  });
});

test("places are those of the blocks", async () => {
  const { resources } = await configured({ "main.tf": HCL, "z.tf.json": '{\n  "data": {"a_b": {\n    "c": {} } }\n}' });
  const places = resources.map(({ name, location: { file, line, column } }) => [
    name,
    /[^/]+$/.exec(file)?.[0],
    line,
    column,
  ]);
  expect(places.sort()).toEqual([
    ["a", "main.tf", 24, 1],
    ["bare", "main.tf", 27, 1],
    ["c", "z.tf.json", 3, 5],
    ["web", "main.tf", 2, 1],
  ]);
});

test("for_each repeats, too; a data source in a check is one", async () => {
  const { resources } = await configured({
    "main.tf": 'resource "a_b" "c" {\n for_each = {}\n}\ncheck "x" {\n  data "http" "d" {}\n}',
    "json.tf.json": '{"resource":{"a_b":{"e":{"for_each":"${var.x}"}}},"check":{"y":{"data":{"http":{"f":{}}}}}}',
  });
  expect(resources.map(({ address, repeated }) => [address, repeated])).toEqual([
    ["a_b.e", true],
    ["data.http.f", false],
    ["a_b.c", true],
    ["data.http.d", false],
  ]);
});

test("override files go over what is there, whatever their names, and other cores' files are passed over", async () => {
  const files = {
    "a_override.tf": 'resource "a_b" "c" {\n  x = "2"\n  y = var.y\n  count = 1\n}',
    "main.tf": 'resource "a_b" "c" {\n  x = "1"\n  y = "1"\n  z = "1"\n}',
    "main.tofu": 'resource "a_b" "c" {\n  w = "tofu"\n}',
    "override.tf.json": '{"resource":{"a_b":{"c":{"z":"3"}}}}',
    ".hidden.tf": 'resource "a_b" "hidden" {}',
    "airlock.hcl": 'integration "x" {}',
  };
  const literals = async (core: "opentofu" | "terraform") => {
    const { resources } = await configured(files, { core });
    return resources.map((resource) => [
      resource.repeated,
      Object.fromEntries(resource.literals),
      resource.location.line,
    ]);
  };
  expect(await literals("opentofu")).toEqual([[true, { w: "tofu", x: "2", z: "3" }, 1]]);
  expect(await literals("terraform")).toEqual([[true, { x: "2", z: "3" }, 1]]);
  const { resources } = await configured({ "main.tofu": 'resource "a_b" "c" {}' }, { core: "terraform" });
  expect(resources).toEqual([]);
});

test("the answer does not change", async () => {
  const configuration = await configured({ "main.tf": HCL });
  expect(Object.isFrozen(configuration)).toBe(true);
  expect(Object.isFrozen(configuration.resources)).toBe(true);
  expect(configuration.resources.every(Object.isFrozen)).toBe(true);
});
