import { describe, expect, it } from "vitest";
import { SecretSet } from "../../../../src/hosts/sensitive/secret-set.js";
import { learnFromPlan, learnFromState } from "../../../../src/hosts/terraform/stages/learn-secrets.js";
import { thrownCode } from "../../../support/codes.js";
import { Dynamic, encode } from "../interposer/messages.js";
import { stateObject } from "../records/books.js";

const SECRET = "hunter2-hunter2";

describe("what a state calls sensitive", () => {
  const learnt = (...objects: Parameters<typeof stateObject>[0][]): SecretSet => {
    const secrets = new SecretSet();
    learnFromState(objects.map(stateObject), secrets);
    return secrets;
  };

  it("is learnt, and nothing else", () => {
    const attributes = { password: SECRET, name: "plain-name", keys: ["first-key", "second-key"] };
    const secrets = learnt({ attributes, sensitive: [["password"], ["keys", 1]] });
    const found = [SECRET, "second-key", "plain-name", "first-key"].map((text) => secrets.matches(text));
    expect(found).toEqual([true, true, false, false]);
  });

  it("is learnt of deposed objects and of data, too", () => {
    const sensitive = [["password"]];
    const secrets = learnt(
      { deposed: "01", attributes: { password: "deposed-secret" }, sensitive },
      { mode: "data", attributes: { password: "data-secret" }, sensitive },
    );
    expect([secrets.matches("deposed-secret"), secrets.matches("data-secret")]).toEqual([true, true]);
  });

  it("may be nothing, or not be there", () => {
    expect(learnt({ attributes: { password: SECRET } }).isEmpty).toBe(true);
    expect(learnt({ attributes: null, sensitive: [["password"]] }).isEmpty).toBe(true);
    expect(learnt({ attributes: { name: "a-name" }, sensitive: [["password"]] }).isEmpty).toBe(true);
  });
});

describe("values of sensitive variables in a plan", () => {
  const variables = new Map([
    ["password", encode(new Dynamic('"string"', SECRET))],
    ["keys", encode(new Dynamic('["list","string"]', ["first-key", "second-key"]))],
    ["name", encode(new Dynamic('"string"', "plain-name"))],
  ]);
  const learnt = (names: readonly string[], modulePath: readonly string[] = []): SecretSet => {
    const secrets = new SecretSet();
    const sensitiveVariables = names.map((name) => ({ name, modulePath, defaultValue: undefined }));
    learnFromPlan({ variables }, { sensitiveVariables }, secrets);
    return secrets;
  };

  it("are learnt, of whatever type", () => {
    const secrets = learnt(["password", "keys"]);
    const found = [SECRET, "first-key", "second-key", "plain-name"].map((text) => secrets.matches(text));
    expect(found).toEqual([true, true, true, false]);
  });

  it("are those of the root module: a plan holds no others", () => {
    expect(learnt(["password"], ["child"]).isEmpty).toBe(true);
  });

  it("may have none", () => {
    expect(learnt(["missing"]).isEmpty).toBe(true);
  });

  it("that cannot be read are an error, and not passed over", () => {
    const sensitiveVariables = [{ name: "password", modulePath: [], defaultValue: undefined }];
    const damaged = new Map([["password", Uint8Array.of(0x92)]]);
    const learn = () => {
      learnFromPlan({ variables: damaged }, { sensitiveVariables }, new SecretSet());
    };
    expect(thrownCode(learn)).toMatch(/^TFPLUGIN_/);
  });
});
