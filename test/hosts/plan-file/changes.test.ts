import { describe, expect, it } from "vitest";
import { viewPlan } from "../../../src/hosts/plan-file/plan-view.js";
import type { AirlockEvent } from "../../../src/protocol/events.js";
import { isResourceEvent } from "../../../src/protocol/events.js";
import { change, eventsOf, onlyParams, planOf } from "./plans.js";
import { TOKEN } from "../../support/tokens.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";

const hooksOf = (events: readonly AirlockEvent[], address: string): string[] =>
  events.flatMap((event) => (isResourceEvent(event) && event.params.address === address ? [event.hook] : []));

const wholeView = (events: readonly AirlockEvent[]): [string, string][] =>
  events.flatMap((event) =>
    event.hook === "plan-stage-complete"
      ? (event.params.resources ?? []).map(({ address, action }): [string, string] => [address, action])
      : [],
  );

describe("each kind of change of a plan", () => {
  it.each([
    [["no-op"], { x: 1 }, { x: 1 }, "no-op"],
    [["create"], null, { x: 1 }, "create"],
    [["update"], { x: 1 }, { x: 2 }, "update"],
    [["delete"], { x: 1 }, null, "delete"],
    [["delete", "create"], { x: 1 }, { x: 2 }, "replace"],
    [["create", "delete"], { x: 1 }, { x: 2 }, "replace"],
    [["forget"], { x: 1 }, null, "no-op"],
    [["create", "forget"], { x: 1 }, { x: 2 }, "create"],
  ])("%j is told before and after it", (actions, before, after, action) => {
    const events = eventsOf({ resource_changes: [change("aws_vm.a", actions, before, after)] });
    expect(hooksOf(events, "aws_vm.a")).toEqual(["pre-plan-resource", "post-plan-resource"]);
    expect(onlyParams(events, "pre-plan-resource")).toMatchObject({ action, before, after: null });
    expect(onlyParams(events, "post-plan-resource")).toMatchObject({ action, before, after });
    expect(wholeView(events)).toEqual([["aws_vm.a", action]]);
  });

  it.each([[[]], [["open"]], [["create", "open"]], [["update", "delete"]], [["create", "create"]]])(
    "%j is no action of any core: it is left out with a notice",
    (actions) => {
      const plan = planOf({ resource_changes: [change("aws_vm.a", actions, null, null)] });
      const { managed, notices } = viewPlan(plan, new SecretSet());
      expect([managed, notices]).toEqual([[], [expect.stringContaining("aws_vm.a")]]);
    },
  );
});

describe("an object that moved", () => {
  it("is told under its new address, as no-op when nothing else changed, else as its change", () => {
    const moved = { previous_address: "aws_vm.old" };
    const events = eventsOf({
      resource_changes: [
        change("aws_vm.still", ["no-op"], { x: 1 }, { x: 1 }, moved),
        change("aws_vm.changed", ["update"], { x: 1 }, { x: 2 }, moved),
      ],
    });
    expect(wholeView(events)).toEqual([
      ["aws_vm.still", "no-op"],
      ["aws_vm.changed", "update"],
    ]);
    expect(hooksOf(events, "aws_vm.old")).toEqual([]);
  });
});

describe("an object that is imported", () => {
  it("is told as the change it gets, its id as little as any other secret", () => {
    const importing = { change: { importing: { id: "i-very-secret" }, before_sensitive: { id: true } } };
    const events = eventsOf({
      resource_changes: [
        change("aws_vm.in", ["update"], { id: "i-very-secret" }, { id: "i-very-secret", x: 1 }, importing),
      ],
    });
    expect(onlyParams(events, "post-plan-resource")).toMatchObject({
      action: "update",
      before: { id: TOKEN },
      after: { id: TOKEN, x: 1 },
    });
    expect(JSON.stringify(events)).not.toContain("i-very-secret");
  });
});

describe("a deposed object", () => {
  it("is told beside the one that took its address", () => {
    const events = eventsOf({
      resource_changes: [
        change("aws_vm.a", ["no-op"], { x: 1 }, { x: 1 }),
        change("aws_vm.a", ["delete"], { x: 0 }, null, { deposed: "00000001" }),
      ],
    });
    expect(wholeView(events)).toEqual([
      ["aws_vm.a", "no-op"],
      ["aws_vm.a", "delete"],
    ]);
    expect(hooksOf(events, "aws_vm.a")).toHaveLength(4);
  });
});

describe("drift", () => {
  it("is told as what the refresh found, apart from the plan for the same address", () => {
    const events = eventsOf({
      resource_drift: [
        change("aws_vm.a", ["update"], { x: 1 }, { x: 9 }),
        change("aws_vm.gone", ["delete"], { x: 1 }, null),
      ],
      resource_changes: [change("aws_vm.a", ["update"], { x: 9 }, { x: 1 })],
    });
    expect(hooksOf(events, "aws_vm.a")).toEqual(["post-refresh-resource", "pre-plan-resource", "post-plan-resource"]);
    expect(hooksOf(events, "aws_vm.gone")).toEqual(["post-refresh-resource"]);
    expect(wholeView(events)).toEqual([["aws_vm.a", "update"]]);
  });

  it("of data sources is nobody's drift", () => {
    expect(eventsOf({ resource_drift: [change("data.aws_zone.a", ["update"], { x: 1 }, { x: 2 })] })).toHaveLength(2);
  });

  it("is redacted like everything else", () => {
    const marked = { change: { before_sensitive: { p: true }, after_sensitive: { p: true } } };
    const events = eventsOf({
      resource_drift: [
        change("db.a", ["update"], { p: "old-secret" }, { p: "new-secret", copy: "old-secret" }, marked),
      ],
    });
    expect(onlyParams(events, "post-refresh-resource")).toMatchObject({
      before: { p: TOKEN },
      after: { p: TOKEN, copy: TOKEN },
    });
  });
});

describe("a data source", () => {
  it("that waits for apply is told before and after, whatever of it is known", () => {
    const events = eventsOf({
      resource_changes: [
        change("data.aws_zone.a", ["read"], null, { name: "n" }, { change: { after_unknown: { id: true } } }),
      ],
    });
    expect(hooksOf(events, "data.aws_zone.a")).toEqual(["pre-read-data", "post-read-data"]);
    expect(onlyParams(events, "post-read-data")).toMatchObject({
      mode: "data",
      action: "read",
      after_unknown: { id: true },
    });
  });

  it("that older cores list as unchanged is a read", () => {
    const events = eventsOf({ resource_changes: [change("data.aws_zone.a", ["no-op"], { id: 1 }, { id: 1 })] });
    expect(onlyParams(events, "post-read-data").action).toBe("read");
  });

  it("in the prior state and among the changes is told once, as the change", () => {
    const prior = { address: "data.aws_zone.a", mode: "data", type: "aws_zone", name: "a", values: { id: "old" } };
    const events = eventsOf({
      resource_changes: [change("data.aws_zone.a", ["read"], null, { id: "new" })],
      prior_state: { values: { root_module: { resources: [prior] } } },
    });
    expect(onlyParams(events, "post-read-data").after).toEqual({ id: "new" });
  });
});

describe("index keys", () => {
  it.each([
    ["count", 3, "aws_vm.a[3]"],
    ["for_each", "blue", 'aws_vm.a["blue"]'],
    ["for_each with odd keys", 'a"].b[0', 'aws_vm.a["a\\"].b[0"]'],
    ["for_each with another script", "ключ", 'aws_vm.a["ключ"]'],
    ["neither", undefined, "aws_vm.a"],
  ])("of %s are told as they stand in the plan", (_what, index, address) => {
    const entry = { ...change("aws_vm.a", ["create"], null, {}), address, ...(index !== undefined && { index }) };
    const params = onlyParams(eventsOf({ resource_changes: [entry] }), "post-plan-resource");
    expect([params.index, params.address]).toEqual([index ?? null, address]);
  });
});

describe("secrets in the keys of maps", () => {
  it("are replaced in values and in what is unknown, at the same place", () => {
    const secret = "key-that-is-secret";
    const events = eventsOf({
      variables: { k: { value: secret } },
      configuration: { root_module: { variables: { k: { sensitive: true } } } },
      resource_changes: [
        change(
          "aws_vm.a",
          ["create"],
          null,
          { tags: { [secret]: "v" } },
          { change: { after_unknown: { tags: { [secret]: true } } } },
        ),
      ],
    });
    const { after, after_unknown } = onlyParams(events, "post-plan-resource");
    const [key = ""] = Object.keys((after as { tags: object }).tags);
    expect([key, after, after_unknown]).toEqual([TOKEN, { tags: { [key]: "v" } }, { tags: { [key]: true } }]);
  });
});
