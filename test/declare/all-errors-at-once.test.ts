import { expect, test } from "vitest";
import { MAX_REPORTED_ERRORS } from "../../src/declare/problems.js";
import { faults, shown } from "./folder.js";

test("errors of one block, of several blocks and of several files are told together, in order", async () => {
  const files = {
    "a.tf": 'terraform {\n  integration "a" {\n    timeout = 5\n    conifg = {}\n  }\n  integration "9" {}\n}\n',
    "airlock.hcl": 'integration "b" {\n  source = var.x\n}\n',
    "b.tf.json": '{"terraform": {"integration": {"c": {"hooks": []}}}}',
    "c.tf": 'terraform {\n  integration "d" {\n',
  };
  expect((await faults(files)).map(shown)).toEqual([
    "DECLARE_BAD_VALUE 3:15",
    "DECLARE_UNKNOWN_ARGUMENT 4:5",
    "DECLARE_BAD_NAME 6:15",
    "DECLARE_NOT_LITERAL 2:12",
    "DECLARE_BAD_VALUE 1:47",
    "DECLARE_SYNTAX 2:19",
  ]);
});

test("twenty are told, more are not", async () => {
  const body = (count: number) => Array.from({ length: count }, (_, index) => `unknown${index} = 1`).join("\n");
  const text = (count: number) => `integration "a" {\n${body(count)}\n}\n`;
  expect(await faults({ "airlock.hcl": text(MAX_REPORTED_ERRORS) })).toHaveLength(MAX_REPORTED_ERRORS);
  expect(await faults({ "airlock.hcl": text(MAX_REPORTED_ERRORS + 5) })).toHaveLength(MAX_REPORTED_ERRORS);
});

test("the first error keeps its place, remedy and others; the others have none of their own", async () => {
  const [first, second] = await faults({ "airlock.hcl": 'integration "a" {\n  conifg = {}\n  memroy = "1B"\n}\n' });
  expect(first).toMatchObject({ location: { line: 2, column: 3 }, others: [second] });
  expect(first?.remedy).toContain("config");
  expect(second?.others).toEqual([]);
});
