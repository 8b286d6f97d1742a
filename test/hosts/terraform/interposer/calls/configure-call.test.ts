import { describe, expect, it } from "vitest";
import { ConfigureCall } from "../../../../../src/hosts/terraform/interposer/calls/configure-call.js";
import { readConfigureRequest } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { interceptCall } from "../../../../../src/hosts/terraform/interposer/intercept.js";
import { concat, lengthField } from "../../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { ProviderSchema } from "../../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { configureRequest, diagnosticsResponse, integrationBlocks, schemaResponse, UNKNOWN } from "../messages.js";
import { answered, appended, exchange, forwarded, heard, hooksOf, openSession, says, SOURCE } from "../sessions.js";
import type { SessionOptions } from "../sessions.js";
import { TOKEN } from "../../../../support/tokens.js";

const CONFIG = { region: "eu", secret: "hunter2-hunter2" };
const RESPONSE = diagnosticsResponse();
const TAGGER = { source: "./tagger", hooks: ["post-plan-resource"] };

function withIntegrations(blocks: Parameters<typeof integrationBlocks>[0]) {
  return configureRequest({ ...CONFIG, integration: integrationBlocks(blocks) });
}

async function configure(request: Uint8Array, options: SessionOptions = {}) {
  const opened = openSession({ providers: [{}], ...options });
  return { ...opened, ...(await exchange(new ConfigureCall(opened.session), request, RESPONSE)) };
}

describe("configuring a provider", () => {
  it("is told before the provider gets its credentials, which are not shown", async () => {
    const { runtime } = await configure(configureRequest(CONFIG), { answers: { one: says({}) } });
    expect(runtime.events).toMatchObject([
      {
        hook: "pre-configure-provider",
        params: {
          provider: { source: SOURCE, alias: null },
          config: { region: "eu", secret: TOKEN },
          sensitive: [["secret"]],
        },
      },
    ]);
  });

  it("goes through as it is without integrations in it", async () => {
    const request = configureRequest(CONFIG);
    const { forward, answer, runtime } = await configure(request, { wants: () => false });
    expect(Buffer.from(forward)).toEqual(Buffer.from(request));
    expect(Buffer.from(answer)).toEqual(Buffer.from(RESPONSE));
    expect([runtime.events, runtime.joined]).toEqual([[], []]);
  });

  it("teaches its secrets also when nobody listens to it: others could be told a copy", async () => {
    const { run } = await configure(configureRequest(CONFIG), { wants: () => false });
    expect(run.secrets.matches("hunter2-hunter2")).toBe(true);
    expect(run.secrets.matches("eu")).toBe(false);
  });

  it("that somebody fails does not reach the provider", async () => {
    const { session } = openSession({ answers: { one: says({ status: "fail", message: "not this region" }) } });
    const answer = answered(await new ConfigureCall(session).request(configureRequest(CONFIG)));
    expect(heard("configure", answer)).toEqual(["error: one: not this region"]);
  });

  it("is refused when the provider's schema could not be read: no gate can look into it", async () => {
    const { session } = openSession({ answers: { one: says({}) } });
    session.provider.schema = null;
    await expect(new ConfigureCall(session).request(configureRequest(CONFIG))).rejects.toThrow("schema");
    const handler = interceptCall(session, "/tfplugin6.Provider/ConfigureProvider") ?? expect.fail("it passes through");
    const answer = answered(await handler.request(configureRequest(CONFIG)));
    expect(heard("configure", answer)).toEqual([expect.stringMatching(/^error: integrations could not judge/)]);
  });

  it("leaves a provider its own `integration` where no integration is declared under it", async () => {
    const request = configureRequest({ ...CONFIG, integration: "of the provider" });
    const { session, run } = openSession({ providers: [{}], wants: () => false });
    const own = lengthField(2, concat(lengthField(1, "integration"), lengthField(2, '"string"')));
    const schema = concat(schemaResponse(), lengthField(1, lengthField(2, own)));
    session.provider.schema = new ProviderSchema(schema, 6);
    const decision = await new ConfigureCall(session).request(request);
    expect(Buffer.from(forwarded(decision))).toEqual(Buffer.from(request));
    expect(run.providers.hasIntegrations(SOURCE)).toBe(false);
  });

  it("that somebody warns of goes on, with the warning behind the answer", async () => {
    const { answer } = await configure(configureRequest(CONFIG), {
      answers: { one: says({ status: "warn", message: "hm" }) },
    });
    appended(answer, RESPONSE);
    expect(heard("configure", answer)).toEqual(["warning: one: hm"]);
  });

  it("names its alias as soon as only one block can be meant", async () => {
    const blocks = [
      { alias: null, literals: new Map([["region", "us"]]) },
      { alias: "eu", literals: new Map([["region", "eu"]]) },
    ];
    const { session, runtime } = await configure(configureRequest(CONFIG), {
      providers: blocks,
      answers: { one: says({}) },
    });
    expect(session.alias).toBe("eu");
    expect(runtime.events).toMatchObject([{ params: { provider: { alias: "eu" } } }]);
  });

  it("does not name an alias while several can be meant", async () => {
    const { session } = await configure(configureRequest(CONFIG), { providers: [{}, { alias: "eu" }] });
    expect(session.alias).toBeUndefined();
  });
});

describe("integrations under a provider", () => {
  const options: SessionOptions = { integrations: [{}], answers: { one: says({}) } };

  it("are not seen by the provider, and take part with the settings that core gave", async () => {
    const request = withIntegrations({ tagger: { ...TAGGER, timeout: "2s" } });
    const { forward, runtime } = await configure(request, options);
    expect(readConfigureRequest(forward)).toEqual(readConfigureRequest(configureRequest(CONFIG)));
    expect(Buffer.from(forward).includes("tagger")).toBe(false);
    expect(runtime.joined).toMatchObject([
      { provider: "mock", declarations: [{ name: "tagger", source: "./tagger", timeoutMs: 2000, provider: "mock" }] },
    ]);
  });

  it("see the session from then on, the gate included", async () => {
    const { session, runtime } = await configure(withIntegrations({ tagger: TAGGER }), options);
    expect(session.audience).toEqual({ project: true, provider: "mock" });
    expect(runtime.audiences).toEqual([{ project: true, provider: "mock" }]);
  });

  it("that cannot start keep the provider from being configured", async () => {
    const broken = {
      integration: "tagger",
      provider: "mock",
      hook: "initialize" as const,
      address: null,
      status: "error" as const,
      message: "there is no such file",
      findings: [],
      metadata: undefined,
      error: { code: "PACKAGE_NOT_FOUND", message: "there is no such file", remedy: null },
    };
    const opened = openSession({ ...options, providers: [{}], join: () => Promise.resolve([broken]) });
    const answer = answered(await new ConfigureCall(opened.session).request(withIntegrations({ tagger: TAGGER })));
    expect(heard("configure", answer)).toHaveLength(1);
    expect(opened.judge.results).toEqual([broken]);
    expect(opened.judge.verdict).toBe("error");
  });

  it("with wrong settings keep it from that too, and break the run", async () => {
    const opened = openSession({ ...options, providers: [{}] });
    const request = withIntegrations({ tagger: { ...TAGGER, hooks: ["no-such-hook"] } });
    const answer = answered(await new ConfigureCall(opened.session).request(request));
    expect(heard("configure", answer)).toHaveLength(1);
    expect(opened.judge.results).toMatchObject([
      { integration: "tagger", provider: "mock", hook: "initialize", status: "error" },
    ]);
    expect(opened.runtime.joined).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["a setting", integrationBlocks({ tagger: { source: UNKNOWN } })],
    ["all of them", UNKNOWN],
  ])("are refused when %s is not known yet", async (_, integration) => {
    const opened = openSession({ ...options, providers: [{}] });
    const request = configureRequest({ ...CONFIG, integration });
    const answer = answered(await new ConfigureCall(opened.session).request(request));
    expect(heard("configure", answer)).toHaveLength(1);
    expect(hooksOf(opened.runtime.events)).toEqual([]);
  });

  it("that no block declares are not dropped in silence", async () => {
    const opened = openSession({ providers: [{}], integrations: [{ name: "another" }] });
    const answer = answered(await new ConfigureCall(opened.session).request(withIntegrations({ tagger: TAGGER })));
    expect(heard("configure", answer)).toHaveLength(1);
    expect(opened.runtime.joined).toEqual([]);
  });

  it("may be none, under a key that core sends all the same", async () => {
    const { forward, runtime } = await configure(withIntegrations({}), {
      ...options,
      providers: [{}, { alias: "eu" }],
      integrations: [{ alias: "eu" }],
    });
    expect(readConfigureRequest(forward)).toEqual(readConfigureRequest(configureRequest(CONFIG)));
    expect(runtime.joined).toEqual([]);
  });
});

describe("two provider configurations that look the same", () => {
  const options: SessionOptions = {
    providers: [{}, { alias: "eu" }],
    integrations: [{}, { alias: "eu" }],
    answers: { one: says({}) },
  };
  const request = withIntegrations({ tagger: TAGGER });

  it("get guests each, and the same again in core's next walk", async () => {
    const { session, run, runtime } = openSession(options);
    const audiences = [];
    for (let walk = 0; walk < 4; walk += 1) {
      session.audience = { project: true, provider: null };
      await exchange(new ConfigureCall(session), request, RESPONSE);
      audiences.push(session.audience.provider);
    }
    expect(audiences).toEqual(["mock", "mock.eu", "mock", "mock.eu"]);
    expect(runtime.joined.map(({ provider }) => provider)).toEqual(["mock", "mock.eu"]);
    expect(run.joined.groups.map(({ provider }) => provider)).toEqual(["mock", "mock.eu"]);
  });
});
