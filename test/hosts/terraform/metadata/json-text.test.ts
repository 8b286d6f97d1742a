import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonText } from "../../../../src/hosts/terraform/metadata/json-text.js";
import type { Span } from "../../../../src/hosts/terraform/metadata/json-text.js";

const json = (text: string): JsonText => new JsonText(Buffer.from(text));

/** What the places say that is there. */
function read(text: JsonText, span: Span): unknown {
  const source = text.text(span);
  if (source.startsWith("[")) return text.items(span).map((item) => read(text, item));
  if (!source.startsWith("{")) return JSON.parse(source);
  return Object.fromEntries([...text.members(span)].map(([key, value]) => [key, read(text, value)]));
}

describe("places in JSON text", () => {
  it.each([undefined, 2, "\t"])("are those of its values, indented by %j", (indent) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = json(` ${JSON.stringify(value, null, indent)}\n`);
        expect(read(text, text.root)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("are found behind strings that look like structure", () => {
    const text = json('{"a\\"}":"]}\\\\","b":{"c":[",","\\u007d"]},"é\\n":1e400}');
    const members = text.members(text.root);
    expect([...members.keys()]).toEqual(['a"}', "b", "é\n"]);
    expect([...members.values()].map((span) => text.text(span))).toEqual([
      '"]}\\\\"',
      '{"c":[",","\\u007d"]}',
      "1e400",
    ]);
  });

  it("are none in what is no object or no array, and none of what is not there", () => {
    const text = json('{"a":[1],"b":"x"}');
    const members = text.members(text.root);
    expect(text.items(members.get("b"))).toEqual([]);
    expect(text.members(members.get("a")).size).toBe(0);
    expect(text.members(members.get("c")).size).toBe(0);
    expect([text.string(members.get("a")), text.string(members.get("b"))]).toEqual([undefined, "x"]);
  });

  it("are found at any depth", () => {
    const text = json(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)},"b":1}`);
    expect(text.text(text.members(text.root).get("b") ?? expect.fail())).toBe("1");
  });

  it("takes __proto__ for a key as any other", () => {
    const text = json('{"__proto__":{"x":1}}');
    expect([...text.members(text.root).keys()]).toEqual(["__proto__"]);
  });
});

describe("what is put into JSON text", () => {
  it("leaves all else byte for byte", () => {
    const text = json('{"n": 12345678901234567890.10, "list": [ {"a":1} , {} ]}');
    const [first, second] = text.items(text.members(text.root).get("list"));
    if (first === undefined || second === undefined) return expect.fail();
    const spliced = text.spliced([text.addition(second, "k", "2"), text.addition(first, "k", "true")]);
    expect(spliced.toString()).toBe('{"n": 12345678901234567890.10, "list": [ {"a":1,"k":true} , {"k":2} ]}');
    return undefined;
  });

  it("can take the place of a value", () => {
    const text = json('{"a": "old", "b": 2}');
    const span = text.members(text.root).get("a") ?? expect.fail();
    expect(text.spliced([{ ...span, text: '"née"' }]).toString()).toBe('{"a": "née", "b": 2}');
  });

  it("is nothing where there is nothing to put", () => {
    expect(json("{ }").spliced([]).toString()).toBe("{ }");
  });
});
