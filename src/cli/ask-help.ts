import { examples } from "./command.js";

const COMMANDS = {
  show: {
    does: "core's show, with what integrations stored beneath each resource",
    text: `With -json, each resource that has any gets a key integration_metadata, and so does
the top, which counts them. All else is as core prints it.`,
    examples: ["airlock show", "airlock show -json", "airlock show -json tf.plan"],
  },
  "state pull": {
    does: "core's state, with what integrations stored beside each instance",
    text: `Each instance that has any gets a key integration_metadata beside its private bytes.
Core does not read that key: state push takes the file and drops it.`,
    examples: ["airlock state pull > state.json"],
  },
} as const;

type AskCommand = keyof typeof COMMANDS;

/** Part of `airlock --help`. */
export const ASK_COMMANDS = `
Commands of core that show what integrations stored:
${Object.entries(COMMANDS)
  .map(([name, { does }]) => `  ${name.padEnd(12)}${does}`)
  .join("\n")}`;

/** Whether a command of core shows metadata, so that it has help of ours; by its words without options. */
export function hasAskHelp(command: string): command is AskCommand {
  return Object.hasOwn(COMMANDS, command);
}

/** What Airlock adds to such a command; core's own help follows it. */
export function askHelp(command: AskCommand): string {
  const { does, text, examples: lines } = COMMANDS[command];
  return `airlock ${command}: ${does}.

${text}

Option of Airlock, with two dashes; it may stand anywhere:
  --core PATH    the tofu or terraform to run: a path, or a name on PATH;
                 else AIRLOCK_CORE, then tofu, then terraform on PATH
${examples(...lines)}
Everything else is core's. This is its own help:

`;
}
