import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import { renderText } from "../../src/report/text.js";
import type { IntegrationResult, RuntimeNotice } from "../../src/runtime/types.js";
import { checkResultOf } from "../report/results.js";
import { answering, WRITTEN } from "../support/answering.js";
import type { Written } from "../support/answering.js";
import { FORMS } from "../support/misbehaving.js";
import type { Form } from "../support/misbehaving.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

/** What becomes of each thing a guest can write in the place of an answer. */
const OUTCOMES: Readonly<Record<Written, string>> = {
  text: "PROTOCOL_NOT_JSON",
  cut: "PROTOCOL_NOT_JSON",
  number: "PROTOCOL_NOT_JSON_RPC",
  list: "PROTOCOL_NOT_JSON_RPC",
  version: "PROTOCOL_NOT_JSON_RPC",
  both: "PROTOCOL_NOT_JSON_RPC",
  otherid: "PROTOCOL_WRONG_ID",
  textid: "PROTOCOL_WRONG_ID",
  twice: "PROTOCOL_TWO_ANSWERS",
  nothing: "GUEST_NO_ANSWER",
  proto: "PROTOCOL_FORBIDDEN_KEY",
  constructor: "PROTOCOL_FORBIDDEN_KEY",
  error: "PROTOCOL_ERROR_ANSWER",
  status: "PROTOCOL_BAD_RESULT",
  finding: "PROTOCOL_BAD_RESULT",
  metadata: "PROTOCOL_BAD_RESULT",
  deep: "PROTOCOL_TOO_DEEP",
  many: "PROTOCOL_TOO_MANY_VALUES",
  escapes: "fail",
  request: "success",
};

/** A process that says nothing may still be thinking, so only its time limit ends it. */
function expected(form: Form, written: Written): string {
  return written === "nothing" && form === "executable" ? "GUEST_TIMEOUT" : OUTCOMES[written];
}

const NEIGHBOUR = jsIntegration(`return { status: "success", message: String(++calls) };`, {}, "let calls = 0;");

interface Asked {
  readonly results: Map<string, IntegrationResult | undefined>;
  readonly neighbour: string[];
  readonly notices: RuntimeNotice[];
}

/** Has one guest of this form write everything there is, each followed by a good answer. */
async function askAll(form: Form): Promise<Asked> {
  const directory = temporaryFolder({ "neighbour.js": NEIGHBOUR });
  const notices: RuntimeNotice[] = [];
  await using runtime = createRuntime({
    integrations: [
      { name: "guest", directory, source: await answering(form), timeoutMs: 3_000, initializeTimeoutMs: 20_000 },
      { name: "neighbour", directory, source: "./neighbour.js" },
    ],
    observer: (notice) => notices.push(notice),
  });
  expect(await runtime.start()).toEqual([]);
  const asked: Asked = { results: new Map(), neighbour: [], notices };
  for (const type of Object.keys(WRITTEN)) {
    const [guest, neighbour] = (await runtime.dispatch(resourceEvent(`${type}.a`))).results;
    asked.results.set(type, guest);
    const [after, next] = (await runtime.dispatch(resourceEvent(`fine.${type}`))).results;
    asked.results.set(`after ${type}`, after);
    asked.neighbour.push(neighbour?.message ?? "", next?.message ?? "");
  }
  return asked;
}

describe.each(FORMS)("a %s guest that writes something else than its answer", (form) => {
  it("has each refused with its code; the next event is answered, and its neighbour keeps its state", async () => {
    const { results, neighbour, notices } = await askAll(form);
    const types = Object.keys(WRITTEN) as Written[];
    const said = types.map((type) => [type, results.get(type)?.error?.code ?? results.get(type)?.status]);
    expect(said).toEqual(types.map((type) => [type, expected(form, type)]));
    expect(types.filter((type) => results.get(`after ${type}`)?.message !== "good")).toEqual([]);
    expect(neighbour).toEqual(neighbour.map((_, at) => String(at + 1)));
    // A wrong line ends no guest: only one that was stopped is replaced.
    const restarts = notices.filter(({ type }) => type === "guest-restarted");
    expect(restarts.length).toBeLessThanOrEqual(1);
    const logs = notices.flatMap((notice) => (notice.type === "log" ? [notice.record.level] : []));
    expect(logs).toEqual(["warn"]);
    const result = checkResultOf({ results: [...results.values()].filter((one) => one !== undefined) });
    const text = [...renderText(result, { color: false })].join("");
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain("\\u001b[2J\\u202egood");
  });
});
