import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { schemaFiles } from "../tools/schemas.js";

const FOLDER = join("docs", "schemas");

describe("the JSON Schema files of docs/schemas", () => {
  const files = schemaFiles();

  it("are these and no others", () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...files.keys()].sort());
  });

  it.each([...files])("%s is what the code says; test/tools/write-schemas.ts writes it", (name, text) => {
    expect(readFileSync(join(FOLDER, name), "utf8")).toBe(text);
  });
});
