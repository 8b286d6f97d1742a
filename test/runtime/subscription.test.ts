import { describe, expect, it } from "vitest";
import { IntegrationDeclarationSchema } from "../../src/declare/declaration.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import type { InitializeResult } from "../../src/protocol/initialize.js";
import { Subscription } from "../../src/runtime/subscription.js";
import * as v from "valibot";

function subscription(declared: Partial<IntegrationDeclarationInput>, asked: Partial<InitializeResult>): Subscription {
  const declaration = v.parse(IntegrationDeclarationSchema, { name: "x", directory: "/", ...declared });
  return new Subscription(declaration, {
    name: "x",
    version: "1",
    protocol_version: 1,
    stateless: false,
    hooks: ["post-plan-resource", "plan-stage-complete"],
    ...asked,
  });
}

describe("a subscription", () => {
  it("holds the hooks the integration asked for", () => {
    const wanted = subscription({}, {});
    expect([wanted.wants("post-plan-resource"), wanted.wants("pre-plan-resource")]).toEqual([true, false]);
  });

  it("is narrowed, never widened, by the declaration's hooks", () => {
    const wanted = subscription({ hooks: ["plan-stage-complete", "pre-apply-resource"] }, {});
    expect([
      wanted.wants("plan-stage-complete"),
      wanted.wants("post-plan-resource"),
      wanted.wants("pre-apply-resource"),
    ]).toEqual([true, false, false]);
  });

  it("takes a type that matches both the declaration's globs and the integration's", () => {
    const wanted = subscription({ resources: ["aws_*"] }, { resource_types: ["*_instance", "*_bucket"] });
    const of = (type: string): boolean => wanted.wants("post-plan-resource", type);
    expect([of("aws_instance"), of("aws_bucket"), of("gcp_instance"), of("aws_vpc")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("with empty lists of globs takes no type", () => {
    expect(subscription({ resources: [] }, {}).wants("post-plan-resource", "aws_vpc")).toBe(false);
  });

  it("answers the same for a type seen before, however many types there were", () => {
    const wanted = subscription({ resources: ["a1*"] }, {});
    for (const round of [1, 2]) {
      for (let type = 0; type < 11_000; type++) {
        if (wanted.wants("post-plan-resource", `a${type}`) !== String(type).startsWith("1"))
          expect.fail(`a${type} in round ${round}`);
      }
    }
  });
});
