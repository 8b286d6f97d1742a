import { describe, expect, it } from "vitest";
import { harmless } from "../../src/attest/attack.js";
import type { AttackClass } from "../../src/attest/attack.js";
import { runAttest } from "../../src/cli/attest.js";
import { file, js, program, writes } from "../../src/attest/guests/files.js";
import { answerWith } from "../../src/attest/guests/form.js";
import { fakeIo } from "../cli/fake-io.js";

const HONEST: AttackClass = {
  name: "honest",
  tries: "nothing",
  attacks: [
    { name: "nothing", guests: { js: js({}) }, judge: harmless, control: { shows: ({ message }) => message === "0" } },
  ],
};

/** Each of these gets through, in one way or another. */
const THROUGH: Readonly<Record<string, AttackClass["attacks"][number]>> = {
  "an answer that was not to be": {
    name: "a",
    guests: writes(answerWith('{"status":"success","message":"1"}')),
    judge: harmless,
  },
  "a file": {
    name: "a",
    guests: { executable: program({ hook: `require("node:fs").writeFileSync(config.marker, "x");` }) },
    judge: () => null,
  },
  "a changed secret": {
    name: "a",
    guests: { executable: program({ hook: `require("node:fs").writeFileSync(config.secretFile, "x");` }) },
    judge: () => null,
  },
  "a connection": {
    name: "a",
    guests: {
      executable: program({
        hook: `await new Promise((done) => require("node:net").connect(config.port, "127.0.0.1", done).unref());`,
      }),
    },
    judge: () => null,
  },
  "a secret in an answer": {
    name: "a",
    guests: { executable: program({ hook: `got(require("node:fs").readFileSync(config.secretFile, "utf8"));` }) },
    judge: () => null,
  },
  "a secret in the log": {
    name: "a",
    guests: {
      executable: program({ hook: `console.error(require("node:fs").readFileSync(config.secretFile, "utf8"));` }),
    },
    judge: () => null,
  },
  "a package that is missing": { name: "a", guests: { js: ({ folder }) => `${folder}/none.mjs` }, judge: harmless },
};

async function run(
  classes: readonly AttackClass[],
  options: { format?: "text" | "json"; names?: string[]; isTTY?: boolean } = {},
) {
  const { io, stdout, stderr } = fakeIo({ isTTY: options.isTTY ?? false });
  const code = await runAttest({ format: options.format ?? "json", classes: options.names ?? [] }, io, classes);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe("airlock attest", () => {
  it("passes with 0 when nothing gets through, and says nothing but its result", async () => {
    const { code, stdout, stderr } = await run([HONEST], { format: "text" });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^pass +honest +1 +1 +nothing$/m);
    expect(stdout).toMatch(/^PASS {2}1 classes, 1 attacks, 1 controls in /m);
  });

  it.each(Object.entries(THROUGH))("fails with 1 at %s that gets through", async (_what, attack) => {
    const { code, stdout } = await run([{ name: "bad", tries: "much", attacks: [attack] }]);
    const { verdict, classes } = JSON.parse(stdout) as { verdict: string; classes: { verdict: string }[] };
    expect([code, verdict, classes.map((one) => one.verdict)]).toEqual([1, "fail", ["fail"]]);
  });

  it("fails when a control shows nothing: then the attack proves nothing", async () => {
    const [attack] = HONEST.attacks;
    const control = { shows: () => false };
    const { code, stdout } = await run(
      [{ ...HONEST, attacks: [{ ...attack, name: "idle", guests: { js: js({}) }, judge: harmless, control }] }],
      {
        format: "text",
      },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^honest: the control of "idle" \(js\) shows nothing: /m);
  });

  it("says why, without what a terminal would obey", async () => {
    const attack = { name: "a", guests: { js: file("guest.mjs", "throw new Error('\\u001b[2J');") }, judge: harmless };
    const { stdout } = await run([{ name: "bad", tries: "much", attacks: [attack] }], { format: "text" });
    expect(stdout).toMatch(/^bad: "a" \(js\) got through: .*GUEST_LOAD/m);
    expect(stdout).not.toContain("\u001b");
  });

  it("runs only the classes that it is asked for, and knows when there is none", async () => {
    const { stdout } = await run([HONEST, { ...HONEST, name: "other" }], { names: ["other"] });
    expect((JSON.parse(stdout) as { classes: { name: string }[] }).classes.map(({ name }) => name)).toEqual(["other"]);
    await expect(run([HONEST], { names: ["honets"] })).rejects.toMatchObject({ code: "CLI_USAGE" });
  });
});
