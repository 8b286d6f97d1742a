import { describe, expect, it } from "vitest";
import { redactConfig, redactValue } from "../../../src/hosts/sensitive/redact.js";
import { reveal } from "../../../src/hosts/sensitive/reveal.js";
import type { ResourceParams, StageParams } from "../../../src/protocol/events.js";
import { resourceEvent } from "../../support/projects.js";
import { TOKEN } from "../../support/tokens.js";
import { secrets } from "./redacting.js";

const SECRETS = secrets("the-password", "the-key");
const MARKS = { password: true, disk: [{ key: true }, { key: true }], whole: true };
const VALUE = {
  name: "n",
  password: "the-password",
  copy: "the-password",
  disk: [
    { key: "the-key", size: 1 },
    { key: "another-key", size: 2 },
  ],
  whole: { user: "the-user", inner: { token: "the-token" } },
  tags: { "by-the-key": "x", plain: "the-key" },
};
const CONFIG = {
  expressions: {
    password: { constant_value: "the-password" },
    disk: [{ key: { constant_value: "the-key" } }],
    copy: { constant_value: "the-password" },
  },
};

function paramsOf(type: string, mode: "managed" | "data" = "managed"): ResourceParams {
  const address = `${type}.one`;
  const { value, paths } = redactValue(VALUE, MARKS, SECRETS, address);
  const config = redactConfig(CONFIG, [MARKS], SECRETS, address);
  const params = resourceEvent(address).params as ResourceParams;
  return { ...params, type, mode, before: value, after: value, config, sensitive: [...paths] };
}

function shown(grants: readonly string[], params: ResourceParams = paramsOf("aws_db_instance")): ResourceParams {
  return reveal(params, grants, SECRETS.tokens) as ResourceParams;
}

describe("granted values", () => {
  it("are plain at the granted places of the granted type, and nowhere else", () => {
    const { before, after, config, sensitive } = shown(["aws_db_instance.password"]);
    expect(before).toMatchObject({ password: "the-password", copy: TOKEN, whole: TOKEN });
    expect(after).toEqual(before);
    expect(config).toMatchObject({
      expressions: { password: { constant_value: "the-password" }, copy: { constant_value: TOKEN } },
    });
    expect(sensitive).not.toContainEqual(["password"]);
    expect(sensitive).toContainEqual(["copy"]);
  });

  it("are plain in every element of lists and blocks", () => {
    const { after, config } = shown(["aws_db_instance.disk.key"]);
    expect(after).toMatchObject({ disk: [{ key: "the-key" }, { key: "another-key" }], password: TOKEN });
    expect(config).toMatchObject({ expressions: { disk: [{ key: { constant_value: "the-key" } }] } });
  });

  it("are plain with all below them, but for the keys of maps", () => {
    const { after, sensitive } = shown(["aws_db_instance.whole", "aws_db_instance.tags"]);
    const { whole, tags } = after as typeof VALUE;
    expect(whole).toEqual(VALUE.whole);
    expect(Object.entries(tags)).toEqual([
      [TOKEN, "x"],
      ["plain", "the-key"],
    ]);
    expect(sensitive).toContainEqual(["tags", Object.keys(tags)[0]]);
  });

  it("stay a token inside what is sensitive as a whole", () => {
    expect(shown(["aws_db_instance.whole.user"]).after).toMatchObject({ whole: TOKEN });
  });

  it.each([
    ["of another type", ["aws_db.password", "db_instance.password"]],
    ["of another attribute", ["aws_db_instance.pass", "aws_db_instance.password.more", "aws_db_instance.key"]],
    ["of a data source", ["data.aws_db_instance.password"]],
    ["of none", []],
  ])("are tokens under a grant %s", (_what, grants) => {
    const params = paramsOf("aws_db_instance");
    expect(JSON.stringify(shown(grants, params))).toBe(JSON.stringify(params));
  });

  it("may be of types that a glob names", () => {
    expect(shown(["aws_*.password"]).after).toMatchObject({ password: "the-password" });
    expect(shown(["*.password"]).after).toMatchObject({ password: "the-password" });
    expect(shown(["gcp_*.password"]).after).toMatchObject({ password: TOKEN });
  });

  it("of data sources are granted on their own", () => {
    const data = paramsOf("aws_db_instance", "data");
    expect(shown(["data.aws_*.password"], data).after).toMatchObject({ password: "the-password" });
    expect(shown(["aws_*.password"], data).after).toMatchObject({ password: TOKEN });
  });

  it("are plain in the whole view, type by type", () => {
    const run = { id: "1", command: "plan", workspace: "default" };
    const views = [paramsOf("aws_db_instance"), paramsOf("aws_vm")].map((one, at) => ({ ...one, address: `a.${at}` }));
    const stage: StageParams = { run, resources: views };
    expect(reveal(stage, ["aws_vm.password"], SECRETS.tokens)).toMatchObject({
      resources: [{ after: { password: TOKEN } }, { after: { password: "the-password" } }],
    });
  });

  it("are none of a provider configuration", () => {
    const { value, paths } = redactValue({ password: "the-password" }, { password: true }, SECRETS, "p");
    const run = { id: "1", command: "plan", workspace: "default" };
    const params = { run, provider: { source: "aws", alias: null }, config: value, sensitive: [...paths] };
    expect(reveal(params, ["*.password", "aws.password"], SECRETS.tokens)).toBe(params);
  });
});
