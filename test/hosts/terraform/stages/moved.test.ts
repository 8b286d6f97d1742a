import { describe, expect, it } from "vitest";
import type { Refactoring } from "../../../../src/hosts/terraform/configuration/types.js";
import { imported, moves } from "../../../../src/hosts/terraform/stages/moved.js";

const location = { file: "main.tf", line: 1, column: 1 };

function moved(from: string | null, to: string | null, modulePath: readonly string[] = []): Refactoring {
  return { kind: "moved", modulePath, from, to, location };
}

/** Where objects are after these moves. */
function after(refactorings: readonly Refactoring[], ...addresses: readonly string[]): string[] {
  return addresses.map(moves(refactorings));
}

describe("a moved block", () => {
  it("moves a resource with all its instances", () => {
    expect(after([moved("t.a", "t.b")], "t.a", "t.a[0]", 't.a["x.y"]')).toEqual(["t.b", "t.b[0]", 't.b["x.y"]']);
  });

  it("leaves what only begins like it", () => {
    const others = ["t.ab", "t.a_b", "tt.a", "module.m.t.a", "data.t.a", "t.b"];
    expect(after([moved("t.a", "t.c")], ...others)).toEqual(others);
  });

  it("moves one instance when it names one", () => {
    const names = [moved("t.a[0]", 't.a["x"]')];
    expect(after(names, "t.a[0]", "t.a[1]", "t.a", "t.a[01]")).toEqual(['t.a["x"]', "t.a[1]", "t.a", "t.a[01]"]);
  });

  it("gives a single object a key, and only once", () => {
    expect(after([moved("t.a", "t.a[0]")], "t.a", "t.a[0]", "t.a[1]")).toEqual(["t.a[0]", "t.a[0]", "t.a[1]"]);
    expect(after([moved("t.a", 't.b["x"]')], "t.a", "t.a[2]")).toEqual(['t.b["x"]', "t.a[2]"]);
  });

  it("takes a key away", () => {
    expect(after([moved("t.a[0]", "t.a")], "t.a[0]", "t.a[1]")).toEqual(["t.a", "t.a[1]"]);
  });

  it("moves a resource into a module and out of one", () => {
    expect(after([moved("t.a", "module.m.t.a")], "t.a[0]")).toEqual(["module.m.t.a[0]"]);
    expect(after([moved('module.m["x"].t.a', "t.a")], 'module.m["x"].t.a', "module.m.t.a")).toEqual([
      "t.a",
      "module.m.t.a",
    ]);
  });

  it("moves data like resources", () => {
    expect(after([moved("data.t.a", "data.t.b")], "data.t.a[0]", "t.a[0]")).toEqual(["data.t.b[0]", "t.a[0]"]);
  });
});

describe("a moved block of a module", () => {
  it("moves all that is in it, in every instance", () => {
    expect(
      after(
        [moved("module.a", "module.b")],
        "module.a.t.x[0]",
        'module.a["k"].module.c.data.t.x',
        "module.ab.t.x",
        "module.c.module.a.t.x",
      ),
    ).toEqual(["module.b.t.x[0]", 'module.b["k"].module.c.data.t.x', "module.ab.t.x", "module.c.module.a.t.x"]);
  });

  it("gives the single instance a key, and only once", () => {
    expect(after([moved("module.a", "module.a[0]")], "module.a.t.x", "module.a[1].t.x")).toEqual([
      "module.a[0].t.x",
      "module.a[1].t.x",
    ]);
  });
});

describe("a moved block inside a module", () => {
  const inside = [moved("t.a", "t.b", ["m", "n"])];

  it("counts in every instance of it", () => {
    expect(
      after(inside, "module.m.module.n.t.a", 'module.m["x.y"].module.n[3].t.a[1]', 'module.m["]"].module.n.t.a'),
    ).toEqual(["module.m.module.n.t.b", 'module.m["x.y"].module.n[3].t.b[1]', 'module.m["]"].module.n.t.b']);
  });

  it("counts nowhere else", () => {
    const others = ["t.a", "module.m.t.a", "module.n.t.a", "module.m.module.nn.t.a", "module.m.module.n.module.o.t.a"];
    expect(after(inside, ...others)).toEqual(others);
  });
});

describe("several moved blocks", () => {
  it("are a chain, in whatever order they stand", () => {
    const chain = [moved("t.b", "t.c"), moved("t.a", "t.b"), moved("t.c", "module.m.t.c")];
    expect(after(chain, "t.a[0]", "t.b", "t.c")).toEqual(["module.m.t.c[0]", "module.m.t.c", "module.m.t.c"]);
  });

  it("of a module and of what is in it both count", () => {
    const both = [moved("module.a", "module.b"), moved("t.x", "t.y", ["b"])];
    expect(after(both, "module.a[0].t.x")).toEqual(["module.b[0].t.y"]);
  });

  it("that go round come to an end, for core to refuse", () => {
    const round = [moved("t.a", "t.b"), moved("t.b", "t.a")];
    expect(["t.a", "t.b"]).toContain(after(round, "t.a")[0]);
    expect(after([moved("t.a", "t.a")], "t.a")).toEqual(["t.a"]);
    const growing = after([moved("module.a", "module.a.module.a")], "module.a.t.x")[0] ?? "";
    expect(growing.length).toBeLessThan(2000);
  });
});

describe("other blocks", () => {
  it("move nothing", () => {
    const others: Refactoring[] = [
      { kind: "removed", modulePath: [], from: "t.a", to: null, location },
      { kind: "import", modulePath: [], from: null, to: "t.b", location },
      moved("t.a", null),
      moved(null, "t.b"),
    ];
    expect(after(others, "t.a", "t.b")).toEqual(["t.a", "t.b"]);
  });

  it("that import name where objects will be, without keys", () => {
    const blocks: Refactoring[] = [
      { kind: "import", modulePath: [], from: null, to: "t.a[each.key]", location },
      { kind: "import", modulePath: ["m"], from: null, to: 'module.n["x"].t.b', location },
      { kind: "removed", modulePath: [], from: "t.c", to: null, location },
      moved("t.d", "t.e"),
    ];
    expect(imported(blocks)).toEqual(["t.a", "module.m.module.n.t.b"]);
  });
});
