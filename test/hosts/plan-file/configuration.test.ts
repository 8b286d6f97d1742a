import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Configuration, moduleNames } from "../../../src/hosts/plan-file/configuration.js";
import { planOf } from "./plans.js";

describe("moduleNames", () => {
  it.each([
    ["", []],
    ["module.a", ["a"]],
    ["module.a.module.b", ["a", "b"]],
    ["module.a[0].module.b[12]", ["a", "b"]],
    ['module.a["x"].module.b["y.module.z"]', ["a", "b"]],
    [String.raw`module.a["q\"]\\"].module.b`, ["a", "b"]],
  ])("%j", (address, names) => {
    expect(moduleNames(address)).toEqual(names);
  });

  it.each(["a", "module.", "module.a.", "module.a[", 'module.a["x', "module.a]x"])(
    "%j is no module address",
    (address) => {
      expect(moduleNames(address)).toBe(null);
    },
  );

  it("leaves out the index keys, whatever they hold", () => {
    const step = fc.tuple(fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/), fc.option(fc.oneof(fc.nat(), fc.string())));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const address = steps
          .map(([name, key]) => `module.${name}${key === null ? "" : `[${JSON.stringify(key)}]`}`)
          .join(".");
        expect(moduleNames(address)).toEqual(steps.map(([name]) => name));
      }),
    );
  });
});

describe("the configuration of a resource", () => {
  const configuration = new Configuration(
    planOf({
      configuration: {
        provider_config: { aws: {}, "aws.eu": { alias: "eu" }, "module.net:aws.us": { alias: "us" } },
        root_module: {
          resources: [
            { address: "aws_vm.a", provider_config_key: "aws", expressions: { size: { constant_value: 1 } } },
            { address: "data.aws_vm.a", provider_config_key: "aws.eu" },
            { address: "aws_vm.old", provider_config_key: "net:aws.gone" },
          ],
          module_calls: {
            constructor: {
              module: { resources: [{ address: "aws_vm.deep", provider_config_key: "module.net:aws.us" }] },
            },
            net: { module: { module_calls: { sub: { module: { resources: [{ address: "aws_vm.deep" }] } } } } },
          },
        },
      },
    }),
  );
  const of = (module: string | null, name: string, mode = "managed") =>
    configuration.of({ module, mode, type: "aws_vm", name });

  it("is its block, as it stands in the plan", () => {
    expect(of(null, "a").block).toEqual({
      address: "aws_vm.a",
      provider_config_key: "aws",
      expressions: { size: { constant_value: 1 } },
    });
  });

  it("tells data sources from resources", () => {
    expect(of(null, "a").alias).toBe(null);
    expect(of(null, "a", "data").alias).toBe("eu");
  });

  it("is found in modules, whatever the index of the instance and the name of the module", () => {
    expect(of('module.net["x"].module.sub[1]', "deep").block?.address).toBe("aws_vm.deep");
    expect(of("module.constructor", "deep").alias).toBe("us");
  });

  it("takes the alias from the key when the provider configuration is not listed", () => {
    expect(of(null, "old").alias).toBe("gone");
  });

  it("is nothing for what the configuration does not have", () => {
    for (const module of [null, "module.none", "module.toString", "module.net.module.none", "no address"]) {
      expect(of(module, "b")).toEqual({ block: null, alias: null });
    }
    expect(new Configuration(planOf()).of({ module: null, mode: "managed", type: "a", name: "b" }).block).toBe(null);
  });
});
