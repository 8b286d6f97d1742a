import { describe, expect, it } from "vitest";
import { keeperOf } from "../../src/hosts/sensitive/keeper.js";
import { SecretSet } from "../../src/hosts/sensitive/secret-set.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import { Discretion, Secrets } from "../../src/runtime/discretion.js";
import type { RuntimeNotice } from "../../src/runtime/types.js";

const SECRET = "hunter2-very-secret";
const ERROR = { code: "GUEST_TRAP", message: `trap: ${SECRET}`, remedy: null };

function discretion(): Discretion {
  const set = new SecretSet();
  set.add(SECRET);
  const secrets = new Secrets();
  secrets.keeper = keeperOf(set);
  return new Discretion(secrets, { grants: NO_GRANTS });
}

describe("a notice", () => {
  const cases: RuntimeNotice[] = [
    { type: "log", integration: "one", record: { level: "info", message: `said ${SECRET}` } },
    { type: "grant-warning", integration: "one", message: `asked for ${SECRET}`, remedy: `files = ["./${SECRET}"]` },
    { type: "instance-failed", integration: "one", instance: 1, error: ERROR },
    { type: "integration-broken", integration: "one", error: ERROR },
  ];

  it.each(cases)("of $type quotes no secret", (notice) => {
    const shown = discretion().notice(notice);
    expect(JSON.stringify(shown)).not.toContain("hunter2");
    expect(JSON.stringify(shown)).toContain("(sensitive value)");
    expect(Object.keys(shown)).toEqual(Object.keys(notice));
  });

  it("is as it was before the host has given its secrets", () => {
    for (const notice of cases) {
      expect(new Discretion(new Secrets(), { grants: NO_GRANTS }).notice(notice)).toEqual(notice);
    }
  });
});
