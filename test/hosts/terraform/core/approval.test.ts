import { describe, expect, it } from "vitest";
import {
  approvalPrompt,
  APPROVED_TEXT,
  cancelledText,
  isApproved,
  noAnswerText,
} from "../../../../src/hosts/terraform/core/approval.js";
import { describeLive } from "../../../support/live/describe.js";
import { workspace } from "../../../support/live/workspace.js";
import type { Workspace } from "../../../support/live/workspace.js";

describe("an answer", () => {
  it.each(["yes", "yes\n", "yes \t\r\n"])("%j approves", (line) => {
    expect(isApproved(line)).toBe(true);
  });
  it.each(["", "no", "y", "Yes", "YES", " yes", "yes please", "yesyes"])("%j does not", (line) => {
    expect(isApproved(line)).toBe(false);
  });
});

const CONFIGURATION = `
variable "v" {
  default = "one"
}
resource "terraform_data" "a" {
  input = var.v
}
output "o" {
  value = var.v
}
`;

await describeLive("the question before an apply", (core) => {
  const ready = async (): Promise<Workspace> => {
    const space = await workspace({ files: { "main.tf": CONFIGURATION }, providers: [] });
    await space.init(core);
    return space;
  };
  const begin = (mode: "apply" | "destroy" | "refresh-only", workspace: string, color = true): string =>
    approvalPrompt({ core: core.name, mode, workspace, color });

  it("and what follows a refusal are core's own texts", async () => {
    const space = await ready();
    const ended = await space.run(core, ["apply"], { input: "no\n" });
    expect(ended.stdout.endsWith(begin("apply", "default") + cancelledText("apply"))).toBe(true);
    const plain = await space.run(core, ["apply", "-no-color"], { input: "maybe\n" });
    expect(plain.stdout.endsWith(begin("apply", "default", false) + cancelledText("apply"))).toBe(true);
    expect([ended.code, plain.code]).toEqual([1, 1]);
  });

  it("of a destroy and in a workspace are core's own texts", async () => {
    const space = await ready();
    await space.succeed(core, ["workspace", "new", "other"]);
    const apply = await space.run(core, ["apply"], { input: "no\n" });
    expect(apply.stdout.endsWith(begin("apply", "other") + cancelledText("apply"))).toBe(true);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const destroy = await space.run(core, ["destroy"], { input: "no\n" });
    expect(destroy.stdout.endsWith(begin("destroy", "other") + cancelledText("destroy"))).toBe(true);
    const refresh = await space.run(core, ["apply", "-refresh-only", "-var=v=two"], { input: "no\n" });
    expect(refresh.stdout.endsWith(begin("refresh-only", "other") + cancelledText("refresh-only"))).toBe(true);
    await space.succeed(core, ["workspace", "select", "default"]);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const last = await space.run(core, ["destroy"], { input: "no\n" });
    expect(last.stdout.endsWith(begin("destroy", "default") + cancelledText("destroy"))).toBe(true);
    const again = await space.run(core, ["apply", "-refresh-only", "-var=v=two"], { input: "no\n" });
    expect(again.stdout.endsWith(begin("refresh-only", "default") + cancelledText("refresh-only"))).toBe(true);
  });

  it("without an answer is core's own error", async () => {
    const space = await ready();
    const ended = await space.run(core, ["apply", "-no-color"], { input: "yes" });
    expect(ended.code).toBe(1);
    expect(ended.stdout.endsWith(begin("apply", "default", false))).toBe(true);
    expect(ended.stderr).toBe(noAnswerText("EOF", false));
    const colored = await space.run(core, ["apply"], { input: "" });
    expect(colored.stderr).toBe(noAnswerText("EOF", true));
  });

  it("and the answer yes are followed by core's own line break", async () => {
    const space = await ready();
    const ended = await space.run(core, ["apply"], { input: "yes\n" });
    expect(ended.stdout).toContain(
      `${begin("apply", "default")}${APPROVED_TEXT}\u001b[0m\u001b[1mterraform_data.a: Creating`,
    );
  });
});
