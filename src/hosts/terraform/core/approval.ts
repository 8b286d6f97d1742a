import { productName } from "./identity.js";
import type { CoreName } from "./identity.js";

/** What is to be approved. */
export type ApprovalMode = "apply" | "destroy" | "refresh-only";

export interface Approval {
  readonly core: CoreName;
  readonly mode: ApprovalMode;
  readonly workspace: string;
  /** Without `-no-color`; core colours its texts also when they do not go to a terminal. */
  readonly color: boolean;
}

/** The only answer that approves. Core cuts white space behind an answer, not in front of it. */
const YES = "yes";
const DEFAULT_WORKSPACE = "default";

/** The question that core asks before it applies, up to where the answer is typed. It ends without a line break. */
export function approvalPrompt(approval: Approval): string {
  const paint = (code: string): string => (approval.color ? `\u001b[${code}m` : "");
  const [reset, bold] = [paint("0"), paint("1")];
  const description = descriptionOf(approval).map((line) => `  ${line}\n`);
  return `${reset}${bold}\n${questionOf(approval)}${reset}\n${description.join("")}\n  ${bold}Enter a value:${reset} ${reset}`;
}

/** Whether a line that was typed approves. */
export function isApproved(line: string): boolean {
  return line.trimEnd() === YES;
}

/** What core says behind any other answer, which it follows with exit code 1. The line break behind the answer is in it. */
export function cancelledText(mode: ApprovalMode): string {
  return mode === "destroy" ? "\nDestroy cancelled.\n" : "\nApply cancelled.\n";
}

/** What core prints when the answer was yes, before it goes on: the line break behind the answer. */
export const APPROVED_TEXT = "\n";

/** The error that core prints on stderr when there is no answer: stdin ended, or the user pressed Ctrl-C. */
export function noAnswerText(why: "EOF" | "interrupted", color: boolean): string {
  const message = `error asking for approval: ${why}`;
  if (!color) return `\nError: ${message}\n\n`;
  const [reset, bold, red] = ["\u001b[0m", "\u001b[1m", "\u001b[31m"];
  const bar = `${red}│${reset} ${reset}`;
  const title = `${bar}${bold}${red}Error: ${reset}${reset}${bold}${message}${reset}`;
  return [`${red}╷${reset}${reset}`, title, bar, `${bar}${reset}`, `${red}╵${reset}${reset}`, ""].join("\n");
}

/** `opApply` in internal/backend/local/backend_apply.go of both cores. */
function questionOf({ core, mode, workspace }: Approval): string {
  const isDefault = workspace === DEFAULT_WORKSPACE;
  const inWorkspace = isDefault ? "" : ` in workspace "${workspace}"`;
  switch (mode) {
    case "destroy":
      return `Do you really want to destroy all resources${inWorkspace}?`;
    case "refresh-only": {
      const forWorkspace = isDefault ? "" : ` for "${workspace}"`;
      return `Would you like to update the ${productName(core)} state${forWorkspace} to reflect these detected changes?`;
    }
    case "apply":
      return `Do you want to perform these actions${inWorkspace}?`;
  }
}

function descriptionOf({ core, mode }: Approval): string[] {
  const product = productName(core);
  switch (mode) {
    case "destroy":
      return [
        `${product} will destroy all your managed infrastructure, as shown above.`,
        "There is no undo. Only 'yes' will be accepted to confirm.",
      ];
    case "refresh-only":
      return [
        `${product} will write these changes to the state without modifying any real infrastructure.`,
        "There is no undo. Only 'yes' will be accepted to confirm.",
      ];
    case "apply":
      return [`${product} will perform the actions described above.`, "Only 'yes' will be accepted to approve."];
  }
}
