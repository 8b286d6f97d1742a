import { describe, expect, it } from "vitest";
import {
  validateProviderCall,
  ValidateResourceCall,
} from "../../../../../src/hosts/terraform/interposer/calls/validate-calls.js";
import { lengthField, Message } from "../../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { jsIntegration, temporaryFolder } from "../../../../support/projects.js";
import {
  configRequest,
  diagnosticsResponse,
  dynamicValue,
  integrationBlocks,
  thing,
  TYPE,
  UNKNOWN,
  validateProviderRequest,
} from "../messages.js";
import { answered, appended, exchange, forwarded, heard, openSession, paramsOf, says, single } from "../sessions.js";
import type { SessionOptions } from "../sessions.js";
import { TOKEN } from "../../../../support/tokens.js";

const CONFIG = { region: "eu", secret: null };
const UNDER: SessionOptions = { phase: "validate", providers: [{}], integrations: [{}] };
const SOURCE_FILE = { "tagger.mjs": jsIntegration("return { status: 'success' };") };

function request(settings: Readonly<Record<string, unknown>>): Uint8Array {
  return validateProviderRequest({ ...CONFIG, integration: integrationBlocks({ tagger: settings }) });
}

describe("validating a provider's configuration", () => {
  it("shows the provider none of the integrations in it", async () => {
    const { session } = openSession({ phase: "plan", providers: [{}], integrations: [{}] });
    const forward = forwarded(await validateProviderCall(session).request(request({ source: "./tagger.mjs" })));
    expect(Buffer.from(new Message(forward).message(1) ?? [])).toEqual(Buffer.from(dynamicValue(CONFIG)));
  });

  it("gives them back to core, which refuses a prepared configuration without them (version 5)", async () => {
    const { session } = openSession({ phase: "plan", providers: [{}], integrations: [{}] });
    const asked = request({ source: "./tagger.mjs" });
    const { answer } = await exchange(validateProviderCall(session), asked, lengthField(1, dynamicValue(CONFIG)));
    expect(Buffer.from(new Message(answer).message(1) ?? [])).toEqual(Buffer.from(new Message(asked).message(1) ?? []));
  });

  it("goes through as it is without any", async () => {
    const { session } = openSession(UNDER);
    const asked = validateProviderRequest(CONFIG);
    const { forward, answer } = await exchange(validateProviderCall(session), asked, diagnosticsResponse());
    expect(Buffer.from(forward)).toEqual(Buffer.from(asked));
    expect(Buffer.from(answer)).toEqual(Buffer.from(diagnosticsResponse()));
  });

  it("starts those whose settings are known, only when core validates for the sake of it", async () => {
    for (const [phase, count] of [
      ["validate", 1],
      ["plan", 0],
      ["apply", 0],
    ] as const) {
      const { session, runtime } = openSession({ ...UNDER, phase });
      forwarded(await validateProviderCall(session).request(request({ source: "./tagger.mjs" })));
      expect(runtime.joined).toHaveLength(count);
    }
  });

  it("is refused when they cannot start, and that is kept for those who do not see core's words", async () => {
    const { session, unshown } = openSession(UNDER);
    const answer = answered(await validateProviderCall(session).request(request({ hooks: ["no-such-hook"] })));
    expect(heard("validateProvider", answer)).toHaveLength(1);
    expect(unshown.flatMap(({ diagnostics }) => diagnostics)).toMatchObject([{ severity: "error" }]);
  });

  it("waits for nobody before the schema is known", async () => {
    const { session, runtime } = openSession(UNDER);
    session.provider.schema = null;
    forwarded(await validateProviderCall(session).request(request({ source: "./tagger.mjs" })));
    expect(runtime.joined).toEqual([]);
  });
});

describe("integrations whose settings are known only in part", () => {
  it("cannot start yet, and are good as far as they are known", async () => {
    const { session, runtime } = openSession({ ...UNDER, directory: temporaryFolder(SOURCE_FILE) });
    const settings = { source: "./tagger.mjs", timeout: UNKNOWN };
    forwarded(await validateProviderCall(session).request(request(settings)));
    expect(runtime.joined).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["a package that is not there", { source: "./missing.mjs", timeout: UNKNOWN }],
    ["a setting that is wrong", { source: "./tagger.mjs", memory: UNKNOWN, timeout: "soon" }],
  ])("are refused for %s", async (_, settings) => {
    const { session, judge } = openSession({ ...UNDER, directory: temporaryFolder(SOURCE_FILE) });
    const answer = answered(await validateProviderCall(session).request(request(settings)));
    expect(heard("validateProvider", answer)).toHaveLength(1);
    expect(judge.results).toMatchObject([{ integration: "tagger", status: "error", hook: "initialize" }]);
  });

  it("are passed over while it is not known where they are", async () => {
    const { session, judge } = openSession(UNDER);
    forwarded(await validateProviderCall(session).request(request({ source: UNKNOWN })));
    expect(judge.results).toEqual([]);
  });

  it("are refused when not even their names are known, as in a dynamic block", async () => {
    const { session } = openSession(UNDER);
    const all = validateProviderRequest({ ...CONFIG, integration: UNKNOWN });
    expect(heard("validateProvider", answered(await validateProviderCall(session).request(all)))).toHaveLength(1);
  });
});

describe("validating a resource", () => {
  const VALUE = thing({ name: "a", secret: "hunter2-hunter2", size: UNKNOWN });
  const RESPONSE = diagnosticsResponse();

  it("is told with its configuration: there is no value yet", async () => {
    const { session, runtime } = openSession({
      phase: "validate",
      blocks: [single("mock_thing.one")],
      answers: { one: says({}) },
    });
    const asked = configRequest(VALUE);
    const { forward, answer } = await exchange(new ValidateResourceCall(session), asked, RESPONSE);
    expect(Buffer.from(forward)).toEqual(Buffer.from(asked));
    expect(Buffer.from(answer)).toEqual(Buffer.from(RESPONSE));
    expect(paramsOf(runtime.events, "validate-resource")).toMatchObject({
      address: "mock_thing.one",
      action: "no-op",
      before: null,
      after: null,
      after_unknown: null,
      config: {
        type: TYPE,
        expressions: { name: { constant_value: "a" }, secret: { constant_value: TOKEN }, size: {} },
      },
    });
  });

  it("is refused, or warned of", async () => {
    const failing = openSession({ phase: "validate", answers: { one: says({ status: "fail", message: "no" }) } });
    const answer = answered(await new ValidateResourceCall(failing.session).request(configRequest(VALUE)));
    expect(heard("validateResource", answer)).toEqual(["error: one: no"]);
    const warning = openSession({ phase: "validate", answers: { one: says({ status: "warn", message: "hm" }) } });
    const warned = await exchange(new ValidateResourceCall(warning.session), configRequest(VALUE), RESPONSE);
    appended(warned.answer, RESPONSE);
    expect(heard("validateResource", warned.answer)).toEqual(["warning: one: hm"]);
  });

  it("is not looked into when nobody listens", async () => {
    const { session, runtime } = openSession({ phase: "validate", wants: () => false });
    await exchange(new ValidateResourceCall(session), configRequest(thing(), "another_type"), RESPONSE);
    expect(runtime.events).toEqual([]);
  });
});
