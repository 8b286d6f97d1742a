import type * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import type * as events from "../../../src/protocol/events.js";
import type { Grants } from "../../../src/protocol/grants.js";
import * as hooks from "../../../src/protocol/hooks.js";
import * as initialize from "../../../src/protocol/initialize.js";
import type { LogLevel } from "../../../src/protocol/messages.js";
import type * as verdict from "../../../src/protocol/verdict.js";
import * as sdk from "../src/index.js";

/** Whether each type can stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** What a guest may write; the schema takes metadata as unknown and checks it by hand. */
type VerdictInput = Omit<v.InferInput<typeof verdict.VerdictSchema>, "metadata"> & Pick<verdict.Verdict, "metadata">;

describe("the SDK's types", () => {
  it("are the protocol's, in both directions", () => {
    expectTypeOf<Same<sdk.Hook, hooks.Hook>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.ResourceHook, hooks.ResourceHook>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.StageHook, hooks.StageHook>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.ProviderHook, hooks.ProviderHook>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Run, events.Run>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Path, events.Path>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Action, events.Action>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.ResourceEvent, events.ResourceParams>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.ResourceView, events.ResourceView>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.StageEvent, events.StageParams>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.ProviderEvent, events.ProviderParams>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Grants, Grants>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.InitializeParams, initialize.InitializeParams>>().toEqualTypeOf<true>();
    expectTypeOf<
      Same<sdk.InitializeResult, v.InferInput<typeof initialize.InitializeResultSchema>>
    >().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Status, verdict.Status>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Severity, verdict.Severity>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Finding, v.InferInput<typeof verdict.FindingSchema>>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.Verdict, VerdictInput>>().toEqualTypeOf<true>();
    expectTypeOf<Same<sdk.LogLevel, LogLevel>>().toEqualTypeOf<true>();
  });

  it("have no key that the protocol lacks, optional ones included", () => {
    expectTypeOf<Same<keyof sdk.ResourceEvent, keyof events.ResourceParams>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.ResourceView, keyof events.ResourceView>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.StageEvent, keyof events.StageParams>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.ProviderEvent, keyof events.ProviderParams>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.Grants, keyof Grants>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.InitializeParams, keyof initialize.InitializeParams>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.InitializeResult, keyof initialize.InitializeResult>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.Finding, keyof verdict.Finding>>().toEqualTypeOf<true>();
    expectTypeOf<Same<keyof sdk.Verdict, keyof verdict.Verdict>>().toEqualTypeOf<true>();
  });

  it("give every hook the event that the protocol gives it", () => {
    type ProtocolEvent<H extends hooks.Hook> =
      Extract<events.AirlockEvent, { hook: H | hooks.Hook }> extends infer E
        ? E extends { hook: infer Hooks; params: infer Params }
          ? H extends Hooks
            ? Params
            : never
          : never
        : never;
    type SdkEvents = { [H in hooks.Hook]: sdk.EventOf<H> };
    type ProtocolEvents = { [H in hooks.Hook]: ProtocolEvent<H> };
    expectTypeOf<Same<SdkEvents, ProtocolEvents>>().toEqualTypeOf<true>();
  });

  it("come with the protocol's constants", () => {
    expect(sdk.HOOKS).toEqual(hooks.HOOKS);
    expect(sdk.PROTOCOL_VERSION).toBe(initialize.PROTOCOL_VERSION);
  });
});

describe("the SDK's index", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(sdk).sort()).toEqual([
      "ConfigError",
      "HOOKS",
      "HostError",
      "PROTOCOL_VERSION",
      "defineIntegration",
      "fail",
      "finding",
      "host",
      "isRecord",
      "isSensitive",
      "isUnknownAt",
      "log",
      "serve",
      "success",
      "valueAt",
      "warn",
    ]);
  });
});
