import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  diagnosticsOf,
  diagnosticsSuffix,
  hasErrors,
  pathOf,
  readSteps,
  stepsOf,
} from "../../../../src/hosts/terraform/tfplugin/diagnostics.js";
import type { Diagnostic, Step } from "../../../../src/hosts/terraform/tfplugin/diagnostics.js";
import { concat, integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { ProviderSchema } from "../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { DIAGNOSTIC_METHODS, recorded, VERSIONS } from "./fixtures.js";
import { decode } from "./oracle.js";

const RECORDED: Diagnostic[] = [
  { severity: "error", summary: "s", detail: "d", path: [{ attribute: "tags" }, { key: "a" }, { key: 3 }] },
  { severity: "warning", summary: "w", detail: "", path: null },
];

const ours: Diagnostic = {
  severity: "error",
  summary: 'budget_checker: "max_cost" exceeded',
  detail: "2,000 > 1,000\n\u{1F4B8}",
  path: [{ attribute: "list" }, { key: 0 }, { attribute: "name" }],
};

describe.each(VERSIONS)("diagnostics in responses of protocol %i", (version) => {
  it.each(DIAGNOSTIC_METHODS)("are read: %s", (method) => {
    expect(diagnosticsOf(method, recorded.message(version, `${method}Response`))).toEqual(RECORDED);
  });

  it.each(DIAGNOSTIC_METHODS)("are appended behind those of the provider, and nothing else changes: %s", (method) => {
    const response = recorded.message(version, `${method}Response`);
    const longer = concat(response, diagnosticsSuffix(method, [ours]));
    expect(Buffer.from(longer).subarray(0, response.length)).toEqual(response);
    expect(diagnosticsOf(method, longer)).toEqual([...RECORDED, ours]);
  });
});

describe("an appended diagnostic", () => {
  it.each([
    ["PlanResponse", "plan"],
    ["ApplyResponse", "apply"],
    ["ReadResponse", "read"],
    ["ReadDataResponse", "readData"],
    ["ReadDataResponse", "import"],
    ["ConfigureResponse", "configure"],
    ["ConfigureResponse", "validateResource"],
    ["ConfigureResponse", "validateData"],
    ["ValidateProviderResponse", "validateProvider"],
    ["SchemaResponse", "schema"],
  ] as const)("is what a full protobuf library reads in %s (%s)", (message, method) => {
    expect(decode(message, diagnosticsSuffix(method, [ours]))).toEqual({
      diagnostics: [
        {
          severity: 1,
          summary: ours.summary,
          detail: ours.detail,
          attribute: {
            steps: [{ attribute_name: "list" }, { element_key_int: "0" }, { attribute_name: "name" }],
          },
        },
      ],
    });
  });

  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ attribute: fc.string() }),
    fc.record({ key: fc.oneof(fc.string(), fc.nat()) }),
  );
  // Half of a surrogate pair becomes U+FFFD, since Go refuses a message whose text is not UTF-8.
  const words = fc.string({ unit: "grapheme" });
  const diagnostic: fc.Arbitrary<Diagnostic> = fc.record({
    severity: fc.constantFrom("error" as const, "warning" as const),
    summary: words,
    detail: words,
    path: fc.option(fc.array(step, { maxLength: 5 })),
  });

  it("is read back as it was, however many there are", () => {
    fc.assert(
      fc.property(fc.array(diagnostic, { maxLength: 5 }), (diagnostics) => {
        expect(diagnosticsOf("plan", diagnosticsSuffix("plan", diagnostics))).toEqual(diagnostics);
      }),
    );
  });

  it("has U+FFFD where its text has half of a character", () => {
    const [read] = diagnosticsOf("plan", diagnosticsSuffix("plan", [{ ...ours, summary: "a\ud800" }]));
    expect(read?.summary).toBe("a\ufffd");
  });

  it("is nothing where there is none", () => {
    expect(diagnosticsSuffix("plan", [])).toHaveLength(0);
  });
});

describe("severity", () => {
  const withSeverity = (severity: number): Uint8Array => lengthField(4, integerField(1, severity));

  it("is that of core; what is neither error nor warning is no error", () => {
    const read = diagnosticsOf("plan", concat(withSeverity(0), withSeverity(1), withSeverity(2), withSeverity(9)));
    expect(read.map(({ severity }) => severity)).toEqual(["warning", "error", "warning", "warning"]);
    expect([hasErrors(read), hasErrors(read.slice(2)), hasErrors([])]).toEqual([true, false, false]);
  });
});

describe("a path of a finding", () => {
  const block = new ProviderSchema(recorded.message(6, "schema"), 6).resource("x_thing");

  it.each([
    ["an attribute", ["name"], [{ attribute: "name" }]],
    ["a key of a map", ["tags", "owner"], [{ attribute: "tags" }, { key: "owner" }]],
    ["an element of a list", ["zones", 1], [{ attribute: "zones" }, { key: 1 }]],
    ["an attribute of an object", ["meta", "a"], [{ attribute: "meta" }, { attribute: "a" }]],
    ["an element of a tuple", ["pair", 1], [{ attribute: "pair" }, { key: 1 }]],
    ["a block in a list", ["list", 0, "name"], [{ attribute: "list" }, { key: 0 }, { attribute: "name" }]],
    ["a block in a map", ["map", "k", "name"], [{ attribute: "map" }, { key: "k" }, { attribute: "name" }]],
    ["a nested attribute", ["nested_one", "name"], [{ attribute: "nested_one" }, { attribute: "name" }]],
    ["all of it", [], []],
  ])("becomes steps by the schema: %s", (_, path, steps) => {
    expect(stepsOf(path, block)).toEqual(steps);
    expect(pathOf(stepsOf(path, block))).toEqual(path);
  });

  it.each([
    ["at a set, whose elements have no key", ["set", 0, "name"], ["set"]],
    ["at a value of any type", ["any", "deep"], ["any"]],
    ["before a name that the schema has not", ["meta", "constructor"], ["meta"]],
    ["before a name where a number belongs", ["zones", "1"], ["zones"]],
    ["before a number where a name belongs", ["tags", 1], ["tags"]],
    ["behind the last of a tuple", ["pair", 2], ["pair"]],
    ["inside of a primitive", ["name", "x"], ["name"]],
    ["at once", ["nothing", "here"], []],
  ])("ends %s", (_, path, known) => {
    expect(pathOf(stepsOf(path, block))).toEqual(known);
  });

  it("of a provider ends at a step of a kind that is not known", () => {
    const path = concat(
      lengthField(1, lengthField(1, "a")),
      lengthField(1, lengthField(9, "?")),
      lengthField(1, lengthField(1, "b")),
    );
    expect(readSteps(path)).toEqual([{ attribute: "a" }]);
  });
});
