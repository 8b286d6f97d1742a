import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { currentState } from "../../../../src/hosts/terraform/stages/current-state.js";
import { SOURCE } from "../interposer/sessions.js";
import { attribute, instance, resource, stateBytes } from "../records/states.js";
import { fakeStage } from "./stage-runs.js";
import type { StageOptions } from "./stage-runs.js";

const named = (name: string) => stateBytes([resource({ name })]).toString();

/** Addresses of the state, where files stand below the root module. */
async function addresses(options: StageOptions = {}, files: Readonly<Record<string, string>> = {}) {
  const stage = fakeStage({ questions: () => named("pulled"), ...options });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(stage.root, path)), { recursive: true });
    writeFileSync(join(stage.root, path), content);
  }
  const found = (await currentState(stage.run)).map(({ address }) => address);
  return { ...stage, found };
}

const FILES = {
  "terraform.tfstate": named("default"),
  "terraform.tfstate.d/blue/terraform.tfstate": named("blue"),
  "other.tfstate": named("other"),
};

describe("the state before core runs", () => {
  it("is the file of the default workspace", async () => {
    const { found, asked } = await addresses({}, FILES);
    expect([found, asked]).toEqual([["mock_thing.default"], []]);
  });

  it("is the file of the workspace that is selected", async () => {
    expect((await addresses({ workspace: "blue" }, FILES)).found).toEqual(["mock_thing.blue"]);
  });

  it("is the file that -state names", async () => {
    expect((await addresses({ argv: ["plan", "-state=other.tfstate"] }, FILES)).found).toEqual(["mock_thing.other"]);
  });

  it("is what core pulls where a backend keeps it", async () => {
    const { found, asked } = await addresses({ configuration: { backend: "s3" } }, FILES);
    expect([found, asked]).toEqual([["mock_thing.pulled"], ["state pull"]]);
  });

  it("is empty where there is no file yet, and core is not asked", async () => {
    const { found, asked } = await addresses();
    expect([found, asked]).toEqual([[], []]);
  });

  it.each(["not JSON", '{"meta":{},"encrypted_data":"AAAA"}'])(
    "is asked of core when the file holds %s",
    async (text) => {
      const { found, asked } = await addresses({}, { "terraform.tfstate": text });
      expect([found, asked]).toEqual([["mock_thing.pulled"], ["state pull"]]);
    },
  );

  it("is not known when core cannot tell it either: addresses stay in doubt", async () => {
    const { found } = await addresses({ questions: () => "not JSON" }, { "terraform.tfstate": "not JSON" });
    expect(found).toEqual([]);
  });

  it("is not known when core fails", async () => {
    const questions = () => {
      throw new Error("no credentials");
    };
    expect((await addresses({ configuration: { backend: "s3" }, questions })).found).toEqual([]);
  });

  it("tells which types of which providers there are, each once", async () => {
    const state = stateBytes([
      resource(),
      resource({ name: "two" }),
      resource({ type: "mock_other" }),
      resource({ type: "lost", provider: "" }),
    ]).toString();
    const { run } = await addresses({}, { "terraform.tfstate": state });
    expect(run.held).toEqual([
      [SOURCE, "mock_thing"],
      [SOURCE, "mock_other"],
    ]);
  });

  it("teaches its secrets", async () => {
    const one = instance({
      attributes: { password: "hunter2-hunter2" },
      sensitive_attributes: [[attribute("password")]],
    });
    const state = stateBytes([resource({ instances: [one] })]).toString();
    const { run } = await addresses({}, { "terraform.tfstate": state });
    expect(run.secrets.matches("hunter2-hunter2")).toBe(true);
  });
});
