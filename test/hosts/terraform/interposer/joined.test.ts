import { describe, expect, it } from "vitest";
import { Joined } from "../../../../src/hosts/terraform/interposer/joined.js";
import type { ProviderBlock } from "../../../../src/hosts/terraform/interposer/provider-blocks.js";
import { rejectedCode } from "../../../support/codes.js";
import { FakeRuntime, resultOf } from "../../fake-runtime.js";
import type { FakeOptions } from "../../fake-runtime.js";
import { SOURCE, under } from "./sessions.js";

function block(alias: string | null = null, names: readonly string[] = ["tagger"]): ProviderBlock {
  const integrations = names.map((name) => under({ name, alias }));
  const key = alias === null ? "mock" : `mock.${alias}`;
  return { source: SOURCE, key, alias, integrations, literals: new Map(), written: new Set() };
}

const settings = (source: string, name = "tagger") => new Map([[name, { source }]]);

function open(options: FakeOptions = {}) {
  const runtime = new FakeRuntime(options);
  return { runtime, joined: new Joined(runtime, "/project") };
}

describe("integrations of a provider configuration", () => {
  it("come in with the settings that core gave, and the folder of the project", async () => {
    const { joined, runtime } = open();
    expect(await joined.join(block("eu"), settings("./tagger"))).toEqual({ provider: "mock.eu", broken: [] });
    expect(runtime.joined).toMatchObject([
      {
        provider: "mock.eu",
        declarations: [
          { name: "tagger", scope: "provider", provider: "mock.eu", source: "./tagger", directory: "/project" },
        ],
      },
    ]);
  });

  it("live on through core's walks as long as their settings stay the same", async () => {
    const { joined, runtime } = open();
    await joined.join(block(), settings("./tagger"));
    await joined.join(block(), settings("./tagger"));
    expect(runtime.joined).toHaveLength(1);
    expect(joined.groups).toHaveLength(1);
  });

  it("are others when their settings change, and the ones before are not forgotten", async () => {
    const { joined, runtime } = open();
    await joined.join(block(), settings("./one"));
    expect((await joined.join(block(), settings("./two"))).provider).toBe("mock#2");
    expect((await joined.join(block(), settings("./three"))).provider).toBe("mock#3");
    expect((await joined.join(block(), settings("./one"))).provider).toBe("mock");
    expect(runtime.joined.map(({ provider }) => provider)).toEqual(["mock", "mock#2", "mock#3"]);
  });

  it("of another configuration are never shared, even with the same settings", async () => {
    const { joined } = open();
    await joined.join(block(), settings("./tagger"));
    expect((await joined.join(block("eu"), settings("./tagger"))).provider).toBe("mock.eu");
    expect((await joined.join(block("e"), settings("./tagger"))).provider).toBe("mock.e");
  });

  it("are those that came in last for a configuration, and none where none came in", async () => {
    const { joined } = open();
    expect(joined.of(SOURCE, null)).toBeNull();
    await joined.join(block(), settings("./one"));
    await joined.join(block(), settings("./two"));
    await joined.join(block("eu"), settings("./one"));
    expect([joined.of(SOURCE, null), joined.of(SOURCE, "eu")]).toEqual(["mock#2", "mock.eu"]);
    expect([joined.of("example.com/a/mock", null), joined.of(SOURCE, "us")]).toEqual([null, null]);
  });

  it("without settings of their own have none", async () => {
    const { joined, runtime } = open();
    await joined.join(block(null, ["tagger", "other"]), settings("./tagger"));
    expect(runtime.joined[0]?.declarations.map(({ source }) => source)).toEqual(["./tagger", undefined]);
  });
});

describe("integrations that cannot start", () => {
  const broken = resultOf({ hook: "initialize", status: "error" });

  it("are told once, to the first session, and the others wait until it is known", async () => {
    let end: ((results: readonly (typeof broken)[]) => void) | undefined;
    const { joined, runtime } = open({ join: () => new Promise((resolve) => (end = resolve)) });
    const order: string[] = [];
    const first = joined
      .join(block(), settings("./tagger"))
      .then(({ broken: told }) => order.push(`first ${told.length}`));
    const second = joined
      .join(block(), settings("./tagger"))
      .then(({ broken: told }) => order.push(`second ${told.length}`));
    await Promise.resolve();
    expect(order).toEqual([]);
    end?.([broken]);
    await Promise.all([first, second]);
    expect(order.sort()).toEqual(["first 1", "second 0"]);
    expect(runtime.joined).toHaveLength(1);
  });

  it("may be tried again when joining itself went wrong", async () => {
    let count = 0;
    const { joined, runtime } = open({
      join: () => {
        count += 1;
        return count === 1
          ? Promise.reject(Object.assign(new Error("no"), { code: "RUNTIME_STATE" }))
          : Promise.resolve([]);
      },
    });
    expect(await rejectedCode(joined.join(block(), settings("./tagger")))).toBe("RUNTIME_STATE");
    expect(joined.groups).toEqual([]);
    expect(joined.of(SOURCE, null)).toBeNull();
    expect((await joined.join(block(), settings("./tagger"))).provider).toBe("mock");
    expect(runtime.joined).toHaveLength(2);
  });

  it("fail every session that waits for them", async () => {
    const { joined } = open({ join: () => Promise.reject(Object.assign(new Error("no"), { code: "RUNTIME_STATE" })) });
    const both = [joined.join(block(), settings("./tagger")), joined.join(block(), settings("./tagger"))];
    expect(await Promise.all(both.map(rejectedCode))).toEqual(["RUNTIME_STATE", "RUNTIME_STATE"]);
  });

  it("because of wrong settings never reach the runtime", async () => {
    const { joined, runtime } = open();
    const wrong = new Map([["tagger", { source: "./tagger", timeout: "soon" }]]);
    expect(await rejectedCode(joined.join(block(), wrong))).toMatch(/^DECLARE_/);
    expect(runtime.joined).toEqual([]);
    expect(joined.groups).toEqual([]);
  });
});
