import { describe, expect, it } from "vitest";
import { CoreArguments } from "../../../../src/hosts/terraform/core/core-arguments.js";

function absolute(line: string): string {
  return CoreArguments.parse(line.split(" "), {}).absolute("/root").toArgv().join(" ");
}

describe("names of files made absolute", () => {
  it.each([
    ["plan -out=x", "plan -out=/root/x"],
    ["plan --out ../x", "plan --out /x"],
    ["plan -var-file=a.tfvars -var-file b/c.tfvars", "plan -var-file=/root/a.tfvars -var-file /root/b/c.tfvars"],
    ["plan -state=s -state-out=t -backup=u", "plan -state=/root/s -state-out=/root/t -backup=/root/u"],
    [
      "plan -target-file=x -exclude-file=y -json-into=z",
      "plan -target-file=/root/x -exclude-file=/root/y -json-into=/root/z",
    ],
    ["plan -generate-config-out=g.tf", "plan -generate-config-out=/root/g.tf"],
    ["init -backend-config=b.hcl -plugin-dir=p", "init -backend-config=/root/b.hcl -plugin-dir=/root/p"],
    ["import -config=c a.b id", "import -config=/root/c a.b id"],
    ["apply -json plan.out", "apply -json /root/plan.out"],
    ["show plan.out", "show /root/plan.out"],
    ["show -plan=plan.out", "show -plan=/root/plan.out"],
    ["graph -plan=plan.out", "graph -plan=/root/plan.out"],
    ["state push x", "state push /root/x"],
    ["providers mirror x", "providers mirror /root/x"],
  ])("%s", (line, expected) => {
    expect(absolute(line)).toBe(expected);
  });

  it.each([
    "plan -out=/x -var=a=b -var-file=/y",
    "plan -backup=- -parallelism=1 -target=a.b -replace a.b",
    "plan -out=",
    "init -backend-config=key=value -from-module=./m -backend-config=",
    "show -state -config",
    "state push -",
    "state mv a.b c.d",
    "workspace select x",
    "import a.b id",
    "plan stray",
    "plan -out",
    "-chdir=y apply /plan.out",
  ])("%s stays as it is", (line) => {
    expect(absolute(line)).toBe(line);
  });
});
