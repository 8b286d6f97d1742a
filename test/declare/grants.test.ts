import { describe, expect, test } from "vitest";
import { declaredBody, faults } from "./folder.js";

const BAD = { code: "DECLARE_BAD_VALUE" };

async function accepted(grants: string): Promise<unknown> {
  return (await declaredBody(`grants = { ${grants} }`)).grants;
}

async function refused(grants: string) {
  const [fault] = await faults({ "airlock.hcl": `integration "subject" {\ngrants = { ${grants} }\n}` });
  return fault;
}

const list = (length: number, item: (at: number) => string): string =>
  `[${Array.from({ length }, (_, at) => JSON.stringify(item(at))).join(", ")}]`;

test("all six grants", async () => {
  const grants = `hosts = ["api.example.com:443"], env = ["PRICE_TOKEN"], files = ["./prices.json"],
    clock = true, random = true, sensitive = ["aws_db_instance.password"]`;
  expect(await accepted(grants)).toEqual({
    hosts: ["api.example.com:443"],
    env: ["PRICE_TOKEN"],
    files: ["./prices.json"],
    clock: true,
    random: true,
    sensitive: ["aws_db_instance.password"],
  });
});

describe("hosts", () => {
  test.each([
    "api.example.com:443",
    "http://localhost:8080",
    "10.0.0.1:65535",
    "[::1]:1",
    "private:prices.corp:443",
    "private:http://prices.corp:80",
    "xn--mnchen-3ya.example:443",
  ])("%s is a host", async (host) => {
    expect(await accepted(`hosts = ["${host}"]`)).toMatchObject({ hosts: [host] });
  });

  test.each([
    "",
    "api.example.com",
    "api.example.com:0",
    "api.example.com:65536",
    ":443",
    "*.example.com:443",
    "https://api.example.com:443",
    "http://api.example.com:80/path",
    "API.example.com:443",
    "api.example.com.:443",
    "münchen.example:443",
    "0x7f.1:443",
    "127.1:443",
    "::1:443",
    "user@api.example.com:443",
    "api example:443",
    "api.example.com%2e:443",
    "http://private:prices.corp:80",
  ])("%s is none", async (host) => {
    expect(await refused(`hosts = ["${host}"]`)).toMatchObject(BAD);
  });
});

describe("files", () => {
  test.each(["./prices.json", "prices.json", "data/prices.json", "./..prices"])("%s is a file", async (file) => {
    expect(await accepted(`files = ["${file}"]`)).toMatchObject({ files: [file] });
  });

  test.each([
    "",
    ".",
    "./",
    "/etc/passwd",
    "C:/prices",
    "../prices.json",
    "a/../../b",
    "a//b",
    "a/./b",
    "a/",
    "*.json",
  ])("%s is none", async (file) => {
    expect(await refused(`files = ["${file}"]`)).toMatchObject(BAD);
  });

  test("a path with a backslash or a control character is none", async () => {
    expect(await refused(String.raw`files = ["a\\b"]`)).toMatchObject(BAD);
    expect(await refused(String.raw`files = ["a\nb"]`)).toMatchObject(BAD);
  });

  test("a path may have 1,024 characters and no more", async () => {
    expect(await accepted(`files = ["${"a".repeat(1_024)}"]`)).toBeDefined();
    expect(await refused(`files = ["${"a".repeat(1_025)}"]`)).toMatchObject(BAD);
  });
});

describe("sensitive", () => {
  test.each(["aws_db_instance.password", "aws_*.master_user_secret.value", "*.token", "aws_db_instanc?.a-b"])(
    "%s is an attribute",
    async (attribute) => {
      expect(await accepted(`sensitive = ["${attribute}"]`)).toMatchObject({ sensitive: [attribute] });
    },
  );

  test.each(["", "password", "aws_db_instance.", ".password", "aws_db_instance.*", "aws_x.a[0]", "aws_x.0.a", "a b.c"])(
    "%s is none",
    async (attribute) => {
      expect(await refused(`sensitive = ["${attribute}"]`)).toMatchObject(BAD);
    },
  );
});

test.each([
  ["hosts", (at: number) => `a${at}.example:443`],
  ["env", (at: number) => `A${at}`],
  ["files", (at: number) => `./a${at}`],
  ["sensitive", (at: number) => `aws_x.a${at}`],
])("%s may list 100 items and no more", async (grant, item) => {
  expect(await accepted(`${grant} = ${list(100, item)}`)).toBeDefined();
  expect(await refused(`${grant} = ${list(101, item)}`)).toMatchObject(BAD);
});

test("a fault names the grant and the item, and stands at the item", async () => {
  const fault = await refused('clock = true, hosts = ["api.example.com:443", "api.example.com"]');
  expect(fault?.message).toContain("hosts, item 2");
  // `grants = { clock = true, hosts = ["api.example.com:443", "` on the second line.
  expect(fault?.location).toMatchObject({ line: 2, column: 58 });
});
