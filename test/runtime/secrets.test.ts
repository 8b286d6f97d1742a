import { describe, expect, it } from "vitest";
import { keeperOf } from "../../src/hosts/sensitive/keeper.js";
import { redactValue } from "../../src/hosts/sensitive/redact.js";
import { SecretSet } from "../../src/hosts/sensitive/secret-set.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import type { AirlockEvent } from "../../src/protocol/events.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import { HOOKS } from "../../src/protocol/hooks.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationResult, RuntimeNotice } from "../../src/runtime/types.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";
import { TOKEN } from "../support/tokens.js";

const SECRET = "hunter2-very-secret";
const GRANTED = { ...NO_GRANTS, sensitive: ["db_*.password"] };

type Declared = Omit<IntegrationDeclarationInput, "directory" | "source"> & { readonly code: string };

interface Ran {
  readonly results: readonly IntegrationResult[];
  readonly notices: readonly RuntimeNotice[];
}

function secretEvent(secrets: SecretSet): AirlockEvent {
  const event = resourceEvent("db_main.one");
  const after = { password: SECRET, url: `x:${SECRET}`, pin: "1234" };
  const { value, paths } = redactValue(after, { password: true }, secrets, "db_main.one");
  return { ...event, params: { ...event.params, after: value, sensitive: [...paths] } } as AirlockEvent;
}

/** Lets integrations judge one event with a secret in it. */
async function judge(declared: readonly Declared[]): Promise<Ran> {
  const directory = temporaryFolder(Object.fromEntries(declared.map(({ name, code }) => [`${name}.js`, code])));
  const notices: RuntimeNotice[] = [];
  const secrets = new SecretSet();
  secrets.add([SECRET, "1234"]);
  await using runtime = createRuntime({
    integrations: declared.map(({ name, grants = NO_GRANTS, after = [] }) => ({
      name,
      grants,
      after,
      directory,
      source: `./${name}.js`,
    })),
    observer: (notice) => notices.push(notice),
  });
  runtime.keep(keeperOf(secrets));
  expect(await runtime.start()).toEqual([]);
  const { results } = await runtime.dispatch(secretEvent(secrets));
  return { results, notices };
}

/** Fails unless it sees the secret as it is granted; nothing that it says is needed to know it. */
const sees = (expected: string): string =>
  jsIntegration(`const { after, sensitive } = params;
    const seen = JSON.stringify([after.password === ${JSON.stringify(SECRET)}, after.url.includes("hunter2"), sensitive.length]);
    return { status: seen === ${JSON.stringify(expected)} ? "success" : "fail", message: seen };`);

describe("a granted secret", () => {
  it("is plain for the integration that it is granted to, and a token for all others at the same event", async () => {
    const plain = "[true,false,2]";
    const token = "[false,false,3]";
    const { results } = await judge([
      { name: "first", code: sees(token) },
      { name: "granted", code: sees(plain), grants: GRANTED },
      { name: "other", code: sees(token), grants: { ...NO_GRANTS, sensitive: ["aws_*.password"] } },
      { name: "last", code: sees(token) },
    ]);
    expect(results.map(({ integration, message }) => [integration, message])).toEqual([
      ["first", token],
      ["granted", plain],
      ["other", token],
      ["last", token],
    ]);
  });

  it("is in nothing that the integration says, whichever way it says it", async () => {
    const tells = jsIntegration(
      `const secret = params.after.password;
       console.log("log " + secret);
       airlock.send(JSON.stringify({ jsonrpc: "2.0", method: "log", params: { message: "notified " + secret } }));
       return { status: "warn", message: "is " + secret, findings: [
         { rule: secret, message: "1234 " + secret, path: ["a", secret, 1], url: "https://x/?" + secret }] };`,
    );
    const { results, notices } = await judge([{ name: "tells", code: tells, grants: GRANTED }]);
    expect(JSON.stringify([results, notices])).not.toContain("hunter2");
    const hidden = "(sensitive value)";
    expect(results).toMatchObject([
      {
        status: "warn",
        message: `is ${hidden}`,
        findings: [{ rule: hidden, message: `${hidden} ${hidden}`, path: ["a", hidden, 1], url: hidden }],
      },
    ]);
    const logged = notices.flatMap((notice) => (notice.type === "log" ? [notice.record.message] : []));
    expect(logged.sort()).toEqual([`log ${hidden}`, `notified ${hidden}`]);
  });

  it.each([
    ["an exception", `throw new Error("broken by " + params.after.password);`],
    ["an answer that is none", `return { status: params.after.password };`],
    ["a line that is no message", `airlock.send("{" + params.after.password); return { status: "success" };`],
    [
      "an error answer",
      `airlock.send(JSON.stringify({ jsonrpc: "2.0", id: 2, error: { code: 1, message: params.after.password } }));`,
    ],
  ])("is not in the error of %s", async (_what, on) => {
    const code = jsIntegration(on);
    const { results, notices } = await judge([{ name: "breaks", code, grants: GRANTED }]);
    expect(results[0]?.error?.code).toMatch(/^(GUEST|PROTOCOL)_/);
    expect(JSON.stringify([results, notices])).not.toContain("hunter2");
  });
});

describe("metadata", () => {
  const attaching = (data: string, said = {}) =>
    jsIntegration(`return { status: "success", metadata: ${data} };`, said);

  it.each([
    ["a secret", `{ kept: ["x" + params.after.password] }`],
    ["a secret as a key", `({ [params.after.password]: 1 })`],
    ["a short secret", `{ pin: "1234" }`],
  ])("with %s is refused: nobody sees it, and nothing is stored", async (_what, data) => {
    const reader = jsIntegration(`return { status: "success", message: JSON.stringify(params.metadata) };`);
    const { results } = await judge([
      { name: "stores", code: attaching(data), grants: GRANTED },
      { name: "reads", code: reader, after: ["stores"] },
    ]);
    expect(results[0]).toMatchObject({ status: "error", error: { code: "RUNTIME_METADATA_SECRET" } });
    expect(results[0]?.metadata).toBeUndefined();
    expect(results[1]?.message).toBe("{}");
    expect(JSON.stringify(results)).not.toContain("hunter2");
  });

  it("with tokens, and with what only looks short, is stored", async () => {
    const data = `{ token: params.after.password, pin: "1234" }`;
    const { results } = await judge([{ name: "one", code: attaching(data) }]);
    expect(results).toMatchObject([{ status: "success", metadata: { token: TOKEN, pin: "1234" } }]);
  });

  it("of a hook without a resource is looked at, too: it is in reports", async () => {
    const directory = temporaryFolder({ "one.js": attaching(`{ kept: ${JSON.stringify(SECRET)} }`, { hooks: HOOKS }) });
    const secrets = new SecretSet();
    secrets.add(SECRET);
    await using runtime = createRuntime({ integrations: [{ name: "one", directory, source: "./one.js" }] });
    runtime.keep(keeperOf(secrets));
    await runtime.start();
    const run = { id: "run", command: "check", workspace: "default" };
    const { results } = await runtime.dispatch({ hook: "plan-stage-start", params: { run } });
    expect(results).toMatchObject([{ error: { code: "RUNTIME_METADATA_SECRET" } }]);
  });
});
