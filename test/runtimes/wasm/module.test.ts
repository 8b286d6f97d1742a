import { describe, expect, it } from "vitest";
import { parseModule } from "../../../runtimes/wasm/module.js";
import { thrownCode } from "../../support/codes.js";
import { wat } from "../../support/wasm.js";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A module of one section. */
function sectioned(id: number, ...content: number[]): Uint8Array {
  return Uint8Array.from([...HEADER, id, content.length, ...content]);
}

function messageOf(bytes: Uint8Array): string {
  try {
    parseModule(bytes);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return expect.fail("it was read");
}

describe("the outline of a module", () => {
  it("has imports and exports in their order, of every kind", () => {
    const module = parseModule(
      wat(`(module
        (import "a" "f" (func))
        (import "a" "g" (global i32))
        (import "b" "t" (table 1 2 funcref))
        (func (export "run"))
        (memory (export "memory") 3)
        (global (export "size") i32 (i32.const 1)))`),
    );
    expect(module.imports.map(({ module, name, kind }) => `${module}.${name} ${kind}`)).toEqual([
      "a.f function",
      "a.g global",
      "b.t table",
    ]);
    expect(module.exports).toEqual([
      { name: "run", kind: "function" },
      { name: "memory", kind: "memory" },
      { name: "size", kind: "global" },
    ]);
    expect(module.memories).toMatchObject([{ minimum: 3, maximum: null }]);
    expect(module.tables).toMatchObject([{ minimum: 1, maximum: 2 }]);
  });

  it("counts an imported memory before the module's own", () => {
    const module = parseModule(wat(`(module (import "m" "m" (memory 1 2)) (memory 3 4))`));
    expect(module.memories).toMatchObject([
      { minimum: 1, maximum: 2 },
      { minimum: 3, maximum: 4 },
    ]);
  });

  it("of an empty module is empty", () => {
    expect(parseModule(Uint8Array.from(HEADER))).toEqual({
      sections: [],
      imports: [],
      exports: [],
      memories: [],
      tables: [],
    });
  });
});

describe("what is no module", () => {
  it("is GUEST_LOAD: an empty file, a text, the text form, a component, another version", () => {
    const files = [
      new Uint8Array(0),
      Buffer.from("hello, I am a text"),
      Buffer.from("(module)"),
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0),
      Uint8Array.of(0, 0x61, 0x73, 0x6d),
    ];
    for (const file of files) expect(thrownCode(() => parseModule(file))).toBe("GUEST_LOAD");
  });

  it("shows how a text starts, without its control characters", () => {
    expect(messageOf(Buffer.from("hello, I am a text"))).toContain('"hello, I am a te"');
    expect(messageOf(Uint8Array.of(0x1b, 0x5b, 0x9b))).toContain(String.raw`"\u001b[\u009b"`);
  });
});

describe("a damaged module", () => {
  it("is GUEST_LOAD wherever it is cut off inside a section", () => {
    const whole = wat(
      `(module (import "a" "f" (func (param i32))) (memory (export "m") 1 2) (table 1 funcref) (func))`,
    );
    const { sections } = parseModule(whole);
    const cuts = sections.flatMap(({ head, end }) =>
      Array.from({ length: end - head - 1 }, (_, index) => head + 1 + index),
    );
    for (const cut of cuts) expect(thrownCode(() => parseModule(whole.subarray(0, cut)))).toBe("GUEST_LOAD");
  });

  it("is GUEST_LOAD with a section twice, an unknown section, or an unknown kind of entry", () => {
    const memories = [5, 3, 1, 0, 1];
    expect(thrownCode(() => parseModule(Uint8Array.from([...HEADER, ...memories, ...memories])))).toBe("GUEST_LOAD");
    expect(thrownCode(() => parseModule(sectioned(14)))).toBe("GUEST_LOAD");
    expect(thrownCode(() => parseModule(sectioned(7, 1, 0, 9, 0)))).toBe("GUEST_LOAD");
  });

  it("is GUEST_LOAD when a vector promises more entries than bytes", () => {
    for (const id of [1, 2, 4, 5, 7]) {
      expect(thrownCode(() => parseModule(sectioned(id, 0xff, 0xff, 0xff, 0xff, 0x0f)))).toBe("GUEST_LOAD");
    }
  });

  it("is GUEST_LOAD when a maximum is under its minimum", () => {
    expect(thrownCode(() => parseModule(sectioned(5, 1, 1, 2, 1)))).toBe("GUEST_LOAD");
  });
});

describe("what no limit could hold", () => {
  it("is refused: threads, 64-bit memories and tables, custom page sizes", () => {
    const refused = [
      sectioned(5, 1, 3, 1, 1),
      sectioned(5, 1, 4, 1),
      sectioned(5, 1, 5, 1, 1),
      sectioned(5, 1, 8, 1, 0),
      sectioned(4, 1, 0x70, 4, 1),
      sectioned(4, 1, 0x70, 3, 1, 1),
    ];
    for (const module of refused) expect(thrownCode(() => parseModule(module))).toBe("GUEST_LOAD");
  });

  it("is refused: types of garbage-collected objects, in every encoding", () => {
    for (const form of [0x5f, 0x5e, 0x50, 0x4f, 0x4e]) {
      expect(thrownCode(() => parseModule(sectioned(1, 1, form, 0)))).toBe("GUEST_LOAD");
    }
  });

  it("is refused: tables of anything but functions and host references", () => {
    expect(thrownCode(() => parseModule(sectioned(4, 1, 0x69, 0, 1)))).toBe("GUEST_LOAD");
    expect(thrownCode(() => parseModule(sectioned(4, 1, 0x40, 0, 0x70, 0, 1)))).toBe("GUEST_LOAD");
    expect(parseModule(sectioned(4, 1, 0x6f, 0, 1)).tables).toHaveLength(1);
  });

  it("leaves function types alone, also with several results and references", () => {
    expect(parseModule(sectioned(1, 1, 0x60, 2, 0x7f, 0x63, 0x70, 2, 0x7e, 0x6f)).sections).toHaveLength(1);
  });
});
