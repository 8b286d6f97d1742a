import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApplyOutput } from "../../../../src/hosts/terraform/core/apply-output.js";
import type { ApplyOutputOptions } from "../../../../src/hosts/terraform/core/apply-output.js";

const DESTROY = { destroy: true, json: false };

/** What comes out, when the bytes come in pieces of this size. */
function shown(text: string, options: ApplyOutputOptions, size = Infinity): string {
  const output = new ApplyOutput(options);
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(output.push(bytes.subarray(at, at + size)));
  return Buffer.concat([...parts, output.end()]).toString("utf8");
}

const GREEN = "\u001b[0m\u001b[1m\u001b[32m";
const RESET = "\u001b[0m";
const WORK = `${RESET}\u001b[1mtime_static.é: Destroying... [id=x]${RESET}${RESET}\n`;
const OUTPUTS = `${RESET}a = "1"\nb = [\n  2,\n]\n`;
const OF_APPLY = `${WORK}${GREEN}\nApply complete! Resources: 0 added, 0 changed, 12 destroyed.\n${RESET}`;
const OF_DESTROY = `${WORK}${GREEN}\nDestroy complete! Resources: 12 destroyed.\n${RESET}`;

describe("the output of a destroy", () => {
  it.each([Infinity, 1, 7])("ends with core's words for it, in pieces of %i bytes", (size) => {
    expect(shown(OF_APPLY, DESTROY, size)).toBe(OF_DESTROY);
    expect(shown(`${OF_APPLY}${GREEN}\nOutputs:\n\n${OUTPUTS}`, DESTROY, size)).toBe(OF_DESTROY);
  });

  it("without colours ends with them too", () => {
    const text = "\nApply complete! Resources: 0 added, 0 changed, 1 destroyed.\n";
    expect(shown(text, DESTROY)).toBe("\nDestroy complete! Resources: 1 destroyed.\n");
    expect(shown(`${text}\nOutputs:\n\na = 1\n`, DESTROY)).toBe("\nDestroy complete! Resources: 1 destroyed.\n");
  });

  it.each([
    ["0 added, 0 changed, 3 destroyed, 2 forgotten"],
    ["1 imported, 0 added, 0 changed, 3 destroyed"],
    ["1 imported, 0 added, 0 changed, 3 destroyed, 1 forgotten"],
  ])("counts what was destroyed of %s", (counts) => {
    const text = `Apply complete! Resources: ${counts}.\n`;
    expect(shown(text, DESTROY)).toBe("Destroy complete! Resources: 3 destroyed.\n");
  });

  it("keeps what follows the closing words and is no outputs", () => {
    const end = "Apply complete! Resources: 0 added, 0 changed, 1 destroyed.\n";
    for (const more of ["\nState path: x\n", "\n\nOutputs:\n", "x\n", "\n"]) {
      expect(shown(end + more, DESTROY)).toBe(`Destroy complete! Resources: 1 destroyed.\n${more}`);
    }
  });

  it("keeps outputs that nothing has closed yet, and lines that only begin as the closing words do", () => {
    const text = "\nOutputs:\n\nApply complete! Resources: all of them.\n  Apply complete! Resources: 0\n";
    expect(shown(text, DESTROY)).toBe(text);
  });

  it("shows each line at once", () => {
    const output = new ApplyOutput(DESTROY);
    expect(output.push(Buffer.from("one\ntwo\nthr")).toString()).toBe("one\ntwo\n");
    expect(output.push(Buffer.from("ee\n")).toString()).toBe("three\n");
  });
});

const VERSION = `{"@level":"info","@message":"OpenTofu 1.12.6","@module":"tofu.ui","tofu":"1.12.6","type":"version","ui":"1.2"}\n`;
const PLANNED = `{"@message":"a.b: Plan to delete","change":{"action":"delete"},"type":"planned_change"}\n`;
const APPLYING = `{"@message":"a.b: Destroying…","type":"apply_start"}\n`;
const SUMMARY = `{"@message":"Apply complete! Resources: 0 added, 0 changed, 2 destroyed.","changes":{"remove":2,"operation":"apply"},"type":"change_summary"}\n`;
const JSON_OUTPUTS = `{"@message":"Outputs: 1","outputs":{"a":{"value":"b"}},"type":"outputs"}\n`;

describe("the messages of an apply", () => {
  const all = VERSION + PLANNED + APPLYING + SUMMARY + JSON_OUTPUTS;

  it.each([Infinity, 1, 50])("do not begin anew, in pieces of %i bytes", (size) => {
    expect(shown(all, { destroy: false, json: true }, size)).toBe(APPLYING + SUMMARY + JSON_OUTPUTS);
  });

  it("of a destroy end with core's words for it, and without outputs", () => {
    const summary = SUMMARY.replace(
      "Apply complete! Resources: 0 added, 0 changed, 2",
      "Destroy complete! Resources: 2",
    );
    expect(shown(all, { destroy: true, json: true })).toBe(
      APPLYING + summary.replace(`"operation":"apply"`, `"operation":"destroy"`),
    );
  });

  it("that are none go through as they came", () => {
    const text = `{"type":\nnull\n{}\n[]\n{"type":"version"\n\u0000é\nType: version\n{"type":"diagnostic"}`;
    expect(shown(text, { destroy: true, json: true })).toBe(text);
  });
});

describe("any other output", () => {
  it("goes through byte for byte, in whatever pieces it comes", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const modes = fc.record({ destroy: fc.boolean(), json: fc.boolean() });
    fc.assert(
      fc.property(fc.array(bytes), modes, (chunks, options) => {
        const output = new ApplyOutput(options);
        const out = Buffer.concat([...chunks.map((chunk) => output.push(chunk)), output.end()]);
        expect(out.equals(Buffer.concat(chunks))).toBe(true);
      }),
    );
  });

  it("is held up to 1 MiB of a line, and goes through when a line is longer", () => {
    const output = new ApplyOutput({ destroy: true, json: true });
    const MiB = 1024 * 1024;
    expect(output.push(Buffer.alloc(MiB, "x"))).toHaveLength(0);
    expect(output.push(Buffer.from("x"))).toHaveLength(MiB + 1);
    expect(output.push(Buffer.from("y"))).toHaveLength(1);
    expect(output.push(Buffer.from(`z\n${VERSION}${APPLYING}`)).toString()).toBe(`z\n${APPLYING}`);
  });
});
