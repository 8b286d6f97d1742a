import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { HOST_VERSION } from "../../src/runtime/version.js";

it("the host's version is the package's", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(HOST_VERSION).toBe(manifest.version);
});
