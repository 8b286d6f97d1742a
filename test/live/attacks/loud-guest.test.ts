import { expect, it } from "vitest";
import { airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { workspace } from "../../support/live/workspace.js";
import { jsIntegration } from "../../support/projects.js";

/** What ends a line, moves the cursor, sets a title, or turns the direction of text. */
const DECEPTIVE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Says as much as a verdict may hold, with everything in it that a terminal obeys. */
const LOUD = jsIntegration(
  `const text = "\\u001b]0;owned\\u0007\\u001b[2J\\r\\u202e\\u2028" + "loud ".repeat(40);
   const finding = { rule: text, severity: "high", message: text + "\\n" + text, url: text, path: ["name"] };
   const metadata = { "\\u001b[2J": text, __proto__: { polluted: true }, ["__proto__"]: 1, airlock: "x".repeat(60000) };
   return { status: "fail", message: text, findings: Array.from({ length: 2000 }, () => finding), metadata };`,
  { hooks: ["post-plan-resource"], name: "\u001b[31mloud" },
);

const RESOURCES = `resource "mockcloud_instance" "many" {
  count = 20
  name  = "n\${count.index}"
}
`;

await describeLive("a guest that says too much", (core) => {
  it.each([["-no-color"], ["-json"]])("neither floods nor fools the terminal, with %s", async (flag) => {
    const space = await workspace({
      files: {
        "main.tf": withMockcloud(6, RESOURCES),
        "airlock.hcl": `integration "loud" {\n  source = "./loud.js"\n}\n`,
        "loud.js": LOUD,
      },
    });
    await space.init(core);
    const { code, stdout, stderr, report } = await airlockReport(space, core, ["plan", flag, "-out=p"]);
    expect(code).toBe(1);
    expect(stdout).not.toMatch(DECEPTIVE);
    expect(stderr).not.toMatch(DECEPTIVE);
    expect(stdout.length + stderr.length).toBeLessThan(20 * 60 * 800);
    expect(report?.verdict).not.toBe("pass");
    expect(report?.results.filter(({ status }) => status === "fail" || status === "error")).toHaveLength(20);
  });
});
