#!/usr/bin/env node
// `npm run demo`: three checks of one plan. Each line that starts with `$` can be typed as it stands, `airlock` being
// `node dist/src/cli/main.js`. Needs nothing but Node; forms of guests that need Go or Python are left out without them.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pc from "picocolors";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const PLAN = "integrations/demo/plan.json";
const SHOWN_MESSAGE = 96;
/** What forms of the policy need beside Node. */
const NEEDS = { wasm_go: "Go", executable_python: "Python 3" };
/** What integrations/demo/hostile/hostile.js does with each resource. */
const ATTACKS = {
  "aws_instance.web[1]": "loops for ever",
  "aws_db_instance.main": "looks for a way out",
  "aws_ebs_volume.data": "hoards memory",
  "aws_s3_bucket.logs": "answers with 2 MB",
  "aws_security_group.web": "recurses without end",
  "module.site.aws_s3_bucket.assets": "writes to the terminal",
};
const EXIT_CODES = {
  0: "pass, or only warnings",
  1: "an integration said fail",
  3: 'an integration broke under on_error = "fail"',
};

const isTerminal = process.stdout.isTTY === true && process.env.TERM !== "dumb";
const colors = pc.createColors(isTerminal && !process.env.NO_COLOR);

function say(...lines) {
  for (const line of lines) console.log(line);
}

function title(text) {
  say("", colors.bold(text), colors.dim("─".repeat(text.length)), "");
}

/** A string of a stranger, safe on a terminal: what could deceive is shown as its escape. */
function safe(text) {
  const shown = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return shown.length > SHOWN_MESSAGE ? `${shown.slice(0, SHOWN_MESSAGE - 1)}…` : shown;
}

/** Runs `airlock check`; with `quiet`, gives its report as an object instead of showing it. */
function check(config, expected, { quiet = false } = {}) {
  const parameters = ["check", PLAN, "--config", config, ...(quiet ? ["--format", "json"] : [])];
  say(colors.cyan(`$ airlock ${parameters.join(" ")}`), "");
  const { status, stdout, error } = spawnSync(process.execPath, ["dist/src/cli/main.js", ...parameters], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", quiet ? "pipe" : "inherit", "inherit"],
  });
  if (status !== expected) throw error ?? new Error(`airlock ended with ${status}, not with ${expected}`);
  return quiet ? JSON.parse(stdout) : undefined;
}

function explainExit(code) {
  say("", `Exit code ${colors.bold(code)}: ${EXIT_CODES[code]}. ${colors.dim("That is meant so here.")}`);
}

function judgeThePlan() {
  title("1. Five integrations judge a plan");
  check("integrations/demo", 1);
  explainExit(1);
}

/** What of a result an integration decides; the rest says who said it. */
function decisions({ results }, integration) {
  const own = results.filter((result) => result.integration === integration && result.hook === "post-plan-resource");
  return JSON.stringify(own.map(({ address, status, message, findings }) => [address, status, message, findings]));
}

function onePolicyInEveryForm() {
  title("2. One policy in every form: sandboxed JavaScript, WebAssembly in two flavours, plain programs");
  const report = check("integrations/demo/forms", 1, { quiet: true });
  const expected = decisions(report, "js");
  for (const { name, kind, calls } of report.integrations) {
    const label = `  ${name.padEnd(18)}`;
    const broken = report.results.find(({ integration, hook }) => integration === name && hook === "initialize");
    if (broken !== undefined) {
      const code = /\w+(?=\)$)/.exec(broken.message)?.[0];
      if (NEEDS[name] === undefined) throw new Error(`${name}: ${broken.message}`);
      say(`${label} ${colors.yellow("left out")}: it needs ${NEEDS[name]} (${code})`);
      continue;
    }
    if (decisions(report, name) !== expected) throw new Error(`${name} judges otherwise than js`);
    say(`${label} ${String(kind).padEnd(11)} ${calls} calls, ${colors.green("the very same verdicts")}`);
  }
  explainExit(1);
}

function containTheHostile() {
  title("3. A hostile integration, and what it came to");
  const report = check("integrations/demo/hostile", 3, { quiet: true });
  const attacks = report.results.filter(({ integration, message }) => integration === "hostile" && message !== "");
  for (const { address, status, message } of attacks) {
    const mark = status === "error" ? colors.red("stopped ") : colors.green("harmless");
    say(`  ${String(ATTACKS[address]).padEnd(23)} ${mark}  ${safe(message)}`);
  }
  const [hostile, neighbour] = report.integrations;
  say(
    "",
    `The hostile guest was replaced ${hostile.restarts} times. Its neighbour ${neighbour.name} answered all of its ` +
      `${neighbour.calls} calls: ${neighbour.failures} failures, ${neighbour.restarts} restarts.`,
  );
  explainExit(3);
}

try {
  say(`The plan: ${PLAN}, 10 resources of a small web shop, with faults put in on purpose.`);
  judgeThePlan();
  onePolicyInEveryForm();
  containTheHostile();
  say("", `Next: ${colors.bold("docs/tutorial.md")}, your own first integration in ten minutes.`);
} catch (error) {
  console.error(`${colors.red("The demo did not go as it should:")} ${error.message}`);
  process.exitCode = 1;
}
