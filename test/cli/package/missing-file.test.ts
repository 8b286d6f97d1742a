import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/projects.js";
import { run } from "../fake-io.js";

it.each([
  [["pack", "./none"], 2],
  [["sign", "none.tar.gz", "--key", "none.key"], 2],
  [["verify", "none.tar.gz", "--key", "none.pub"], 1],
  [["publish", "none.tar.gz", "--to", "site"], 2],
])("%j names the file that is not there, and speaks of no declaration", async (argv, code) => {
  const ended = await run(argv, { cwd: temporaryFolder() });
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain("(PACKAGE_NOT_FOUND)");
  expect(ended.stderr).not.toContain("declares");
});
