import type { Stage } from "../hosts/terraform/stages/live.js";
import { examples } from "./command.js";

/** What a command of core is, with integrations in it; and lines to copy. */
const COMMANDS: Readonly<Record<Stage, { readonly does: string; readonly examples: readonly string[] }>> = {
  init: {
    does: "installs integrations; core's init; starts each, to show faults",
    examples: ["airlock init", "airlock init -upgrade --approve budget"],
  },
  validate: {
    does: "core's validate; integrations see each resource block",
    examples: ["airlock validate"],
  },
  plan: {
    does: "core's plan; integrations see every change, and can stop it",
    examples: ["airlock plan", "airlock plan -out tf.plan --report report.json"],
  },
  apply: {
    does: "core's plan, judged; its question; the apply of just that plan",
    examples: ["airlock apply", "airlock apply -auto-approve --report report.json", "airlock apply tf.plan"],
  },
  destroy: {
    does: "as apply, of a plan that removes everything",
    examples: ["airlock destroy"],
  },
  refresh: {
    does: "core's refresh; integrations see each object before and after",
    examples: ["airlock refresh"],
  },
  import: {
    does: "core's import; integrations see the object as it is read",
    examples: ["airlock import aws_instance.web i-0123456789abcdef0"],
  },
};

const SHADOW = `  --shadow NAME@VERSION
                 run this version beside the one that is installed, and tell
                 where its verdicts differ; the run does not heed it
`;
/** Options that only some commands have. */
const MORE: Readonly<Partial<Record<Stage, string>>> = {
  init: `  --approve NAME agree to what a new version of it changes; -upgrade moves all
                 to the newest version that declarations allow
  --mirror DIR   install from the folder of a mirror, and ask no host
`,
  plan: SHADOW,
};

const NAMES = new Map(Object.entries(COMMANDS));
const WIDTH = Math.max(...Object.keys(COMMANDS).map((name) => name.length)) + 2;

/** Part of `airlock --help`: the commands that run tofu or terraform. Lines fit into 80 columns. */
export const LIVE_COMMANDS = `
Commands of tofu and terraform, with the declared integrations in them:
${[...NAMES].map(([name, { does }]) => `  ${name.padEnd(WIDTH)}${does}`).join("\n")}
  Every other command of tofu and terraform is passed on as it is.
  \`airlock plan --help\` tells what Airlock adds.`;

/** Whether integrations take part in a command of core, so that it has help of ours. */
export function hasLiveHelp(command: string | undefined): command is Stage {
  return command !== undefined && NAMES.has(command);
}

/** What Airlock adds to a command of core; core's own help follows it. */
export function liveHelp(command: Stage): string {
  const { does, examples: lines } = COMMANDS[command];
  return `airlock ${command}: ${does}.

Options of Airlock, with two dashes; they may stand anywhere:
  --core PATH    the tofu or terraform to run: a path, or a name on PATH;
                 else AIRLOCK_CORE, then tofu, then terraform on PATH
  --report FILE  write what integrations said to FILE, as JSON
${MORE[command] ?? ""}  --verbose      show what integrations log, on standard error

Exit codes are core's, and Airlock adds:
  1  an integration said fail, or broke under on_error = "fail"; or something
     was wrong before core could start
${examples(...lines)}
Everything else is core's. This is its own help:

`;
}
