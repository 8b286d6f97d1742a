import { describe, expect, it } from "vitest";
import { CliError } from "../../src/cli/cli-error.js";
import { renderError, renderInternalError } from "../../src/cli/render-error.js";
import { DECEPTIVE } from "../report/results.js";

const view = { color: false, cwd: "/home/me" };
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function snippetOf(text: string, column: number): string[] {
  const error = new CliError("CLI_USAGE", "m", { location: { file: "/home/me/a.tf", line: 12, column, text } });
  return renderError(error, view).split("\n").slice(1, 5);
}

describe("an error on the terminal", () => {
  it("has its message, its remedy and its code", () => {
    const error = new CliError("CLI_USAGE", "what\nwent wrong", { remedy: "do this" });
    expect(renderError(error, view)).toBe("Error: what\n  went wrong\n  do this\n  (CLI_USAGE)\n");
  });

  it("points at the column, behind tabs and characters that are escaped", () => {
    expect(snippetOf("\tx = 1", 2)).toEqual(["  --> a.tf:12:2", "      |", "   12 |  x = 1", "      |  ^"]);
    expect(snippetOf("\u001bx", 2)).toEqual(["  --> a.tf:12:2", "      |", "   12 | \\u001bx", "      |       ^"]);
  });

  it("shows only the part of a long line around the column", () => {
    const [, , line = "", caret = ""] = snippetOf(`${"a".repeat(5000)}!${"b".repeat(5000)}`, 5001);
    expect(line.length).toBeLessThan(200);
    expect(line[caret.indexOf("^")]).toBe("!");
  });

  it("keeps the full path of what lies outside the working directory", () => {
    const error = new CliError("CLI_USAGE", "m", { location: { file: "/other/a.tf", line: 1, column: 1 } });
    expect(renderError(error, view)).toContain("  --> /other/a.tf:1:1\n");
  });

  it("holds nothing deceptive", () => {
    const location = { file: DECEPTIVE, line: 1, column: 3, text: DECEPTIVE };
    const text = renderError(new CliError("CLI_USAGE", DECEPTIVE, { remedy: DECEPTIVE, location }), view);
    expect(text.replaceAll("\n", "")).not.toMatch(FORBIDDEN);
    expect(renderInternalError(DECEPTIVE, { debug: false }).trimEnd()).not.toMatch(FORBIDDEN);
  });

  it("has colour only when asked", () => {
    const error = new CliError("CLI_USAGE", "m");
    expect(renderError(error, { ...view, color: true })).toContain("\u001b[");
    expect(renderError(error, view)).not.toContain("\u001b[");
  });
});
