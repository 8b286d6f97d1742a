import { describe, expect, it } from "vitest";
import { interceptCall } from "../../../../src/hosts/terraform/interposer/intercept.js";
import { ProviderSession } from "../../../../src/hosts/terraform/interposer/session.js";
import type { Subject } from "../../../../src/hosts/terraform/interposer/subject.js";
import { thrownCode } from "../../../support/codes.js";
import { dynamicValue, schemaResponse, thing, TYPE } from "./messages.js";
import { openSession, paramsOf, says, SOURCE } from "./sessions.js";
import type { SessionOptions } from "./sessions.js";

function subject(options: SessionOptions = {}, parts: Partial<Subject> = {}) {
  const opened = openSession(options);
  const given: Subject = {
    mode: "managed",
    type: TYPE,
    source: SOURCE,
    located: { address: "mock_thing.one", candidates: [], alias: undefined },
    alias: undefined,
    action: "create",
    before: null,
    after: null,
    config: null,
    block: opened.session.blockOf("managed", TYPE),
    marked: { before: [], after: [] },
    attached: null,
    ...parts,
  };
  return { ...opened, given };
}

describe("a session", () => {
  it("is of the whole project until a provider's integrations come in", () => {
    expect(openSession().session.audience).toEqual({ project: true, provider: null });
  });

  it("asks nobody where nobody listens to the type", async () => {
    const { session, given, runtime } = subject({ wants: (_hook, type) => type !== TYPE });
    expect(await session.ask("pre-plan-resource", given, null)).toEqual({ blocked: false, diagnostics: [] });
    expect(runtime.events).toEqual([]);
  });

  it("asks its own audience", async () => {
    const { session, given, runtime } = subject();
    session.audience = { project: true, provider: "mock.eu" };
    await session.ask("pre-plan-resource", given, null);
    expect(runtime.audiences).toEqual([{ project: true, provider: "mock.eu" }]);
  });

  it("learns its alias from an object that has one, and does not forget it", async () => {
    const located = { address: "mock_thing.one", candidates: [], alias: "eu" };
    const { session, given, runtime } = subject({}, { located });
    await session.ask("pre-plan-resource", given, null);
    expect(session.alias).toBe("eu");
    await session.ask("post-plan-resource", { ...given, located: { ...located, alias: undefined } }, null);
    expect(paramsOf(runtime.events, "post-plan-resource").provider.alias).toBe("eu");
    await session.ask("pre-apply-resource", { ...given, located: { ...located, alias: "us" } }, null);
    expect(session.alias).toBe("eu");
  });

  it.each([
    ["success", false, 0],
    ["warn", false, 1],
    ["fail", true, 1],
    ["error", true, 1],
  ] as const)("takes %s for: blocked %s, %i diagnostics", async (status, blocked, count) => {
    const { session, given } = subject({ answers: { one: says({ status }) } });
    const said = await session.ask("pre-plan-resource", given, null);
    expect([said.blocked, said.diagnostics.length]).toEqual([blocked, count]);
  });

  it("is blocked by one of many, and hears all", async () => {
    const answers = { a: says({ status: "warn" }), b: says({ status: "fail" }), c: says({ status: "success" }) };
    const { session, given } = subject({ answers });
    const said = await session.ask("pre-plan-resource", given, null);
    expect([said.blocked, said.diagnostics.map(({ severity }) => severity)]).toEqual([true, ["warning", "error"]]);
  });
});

describe("the form of a type", () => {
  it("is that of resources or of data", () => {
    const { session } = openSession();
    expect(session.blockOf("managed", TYPE).attributes.get("secret")?.sensitive).toBe(true);
    expect(session.blockOf("data", TYPE).attributes.has("name")).toBe(true);
  });

  it("of an unknown type is an error", () => {
    const { session } = openSession();
    expect(thrownCode(() => session.blockOf("managed", "mock_missing"))).toBe("TFPLUGIN_UNKNOWN_TYPE");
    expect(thrownCode(() => session.blockOf("data", "mock_missing"))).toBe("TFPLUGIN_UNKNOWN_TYPE");
  });

  it("without a schema is an error, and a call is then refused rather than let by", async () => {
    const { session, faults } = openSession();
    session.provider.schema = null;
    expect(() => session.blockOf("managed", TYPE)).toThrow();
    const handler = interceptCall(session, "/tfplugin6.Provider/PlanResourceChange");
    expect(await handler?.request(new Uint8Array(0))).toHaveProperty("answer");
    expect(faults).toHaveLength(1);
  });

  it("is known to every session of a provider, whichever asked for it", async () => {
    const { run } = openSession();
    const known = { source: SOURCE, schema: null };
    const [first, second] = [new ProviderSession(run, known), new ProviderSession(run, known)];
    await interceptCall(first, "/tfplugin6.Provider/GetProviderSchema")?.response(schemaResponse());
    expect(second.blockOf("managed", TYPE).attributes.size).toBe(5);
  });
});

describe("secrets of what goes by", () => {
  it("are learnt from any value of the type", () => {
    const { session, run } = openSession();
    session.learn("managed", TYPE, dynamicValue(thing({ secret: "hunter2-hunter2", name: "plain-name" })));
    session.learn("data", TYPE, dynamicValue(thing({ secret: "second-secret" })));
    const found = ["hunter2-hunter2", "second-secret", "plain-name"].map((text) => run.secrets.matches(text));
    expect(found).toEqual([true, true, false]);
  });
});
