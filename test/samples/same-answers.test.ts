import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "../../integrations/build.mjs";
import { jsProgram } from "../../runtimes/js/program.js";
import { wasmProgram } from "../../runtimes/wasm/program.js";
import { runProgram, specOf } from "../runtimes/js/harness.js";
import { INTEGRATIONS, isOnPath, linesOfProgram, request } from "./harness.js";
import { VECTORS } from "./vectors.js";

const FORMS = {
  js: { sample: "required-tags", say: sandboxed("js", "required-tags/dist/index.js") },
  "wasm plug-in": {
    sample: "required-tags-wasm-plugin",
    say: sandboxed("wasm", "required-tags-wasm-plugin/dist/required-tags-wasm-plugin.wasm"),
  },
  "wasm command (AssemblyScript)": {
    sample: "required-tags-wasm-command",
    say: sandboxed("wasm", "required-tags-wasm-command/dist/required-tags-wasm-command.wasm"),
  },
  "wasm command (Go)": {
    sample: "required-tags-go",
    needs: "go",
    say: sandboxed("wasm", "required-tags-go/dist/required-tags.wasm"),
  },
  "executable (Go)": {
    sample: "required-tags-go",
    needs: "go",
    say: spawned("required-tags-go/dist/required-tags"),
  },
  "executable (Node)": { sample: "required-tags-node", say: spawned("required-tags-node/required-tags") },
  "executable (Python)": { needs: "python3", say: spawned("required-tags-python/required-tags") },
} satisfies Record<string, Form>;

interface Form {
  /** The sample to build first. */
  readonly sample?: string;
  /** A tool that this form cannot do without. */
  readonly needs?: string;
  readonly say: (lines: readonly string[]) => Promise<string[]>;
}

function sandboxed(kind: "js" | "wasm", entry: string): Form["say"] {
  return async (lines) => {
    const spec = { ...specOf(readFileSync(join(INTEGRATIONS, entry))), kind };
    const run = await runProgram(kind === "js" ? jsProgram : wasmProgram, spec, lines);
    if (run.error !== null) throw run.error;
    return run.exchanges.flat();
  };
}

function spawned(entry: string): Form["say"] {
  return (lines) => Promise.resolve(linesOfProgram(join(INTEGRATIONS, entry), lines));
}

const CONVERSATIONS = Object.entries(VECTORS);
const SHUTDOWN = request("end", "shutdown", {});

/** Holds all conversations with one guest, so that each form starts once. */
async function answersOf(form: Form): Promise<Map<string, string[]>> {
  const said = await form.say(CONVERSATIONS.flatMap(([, lines]) => [...lines, SHUTDOWN]));
  let start = 0;
  return new Map(
    CONVERSATIONS.map(([what, lines]) => {
      const answers = said.slice(start, start + lines.length);
      start += lines.length + 1;
      return [what, answers];
    }),
  );
}

describe.each(Object.entries<Form>(FORMS))("required-tags as %s", (_name, form) => {
  const present = form.needs === undefined || isOnPath(form.needs);
  let expected = new Map<string, string[]>();
  let said = new Map<string, string[]>();

  beforeAll(async () => {
    if (!present) return;
    await build(form.sample === undefined ? ["required-tags"] : ["required-tags", form.sample]);
    expected = await answersOf(FORMS.js);
    said = await answersOf(form);
  });

  it.skipIf(!present).each(CONVERSATIONS)("answers %s with the same bytes", (what, lines) => {
    expect(expected.get(what)).toHaveLength(lines.length);
    expect(said.get(what)).toEqual(expected.get(what));
  });
});
