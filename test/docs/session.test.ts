import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { linesOf, ROOT } from "./reader.js";

const PICTURE = "docs/pictures/halted-plan.svg";
const RECORDER = join(ROOT, "test/tools/record-session.mjs");

/** The text in a picture of a session, line by line; without what differs from run to run. */
function textOf(picture: string): string[] {
  const rows = [...picture.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, row = ""]) => row.replaceAll(/<[^>]*>/g, ""));
  return linesOf(rows.join("\n").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
}

function recorded(): string {
  return readFileSync(join(ROOT, PICTURE), "utf8");
}

describe(PICTURE, () => {
  it("shows a command, core's own error with its place, and an exit code that is not 0", () => {
    const text = textOf(recorded());
    expect(text[0]).toBe("$ airlock plan");
    expect(text).toContain("│   with local_file.key,");
    expect(text.slice(-2)).toEqual(["$ echo $?", "1"]);
  });
});

await describeLive("the recorded session", (core) => {
  // It was recorded on OpenTofu; Terraform words some lines in its own way.
  it.skipIf(core.name !== "tofu")("is what the command prints", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [RECORDER, "--print", "--core", core.path]);
    // Core writes to two streams, which are not in step.
    expect(textOf(stdout).sort()).toEqual(textOf(recorded()).sort());
  });
});
