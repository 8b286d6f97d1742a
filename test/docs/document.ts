/** Something that a reader of a page does: write a file, or type a command and look at what it says. */
export type Step = { readonly section: string } & (
  | { readonly kind: "file"; readonly path: string; readonly content: string }
  | { readonly kind: "command"; readonly command: string; readonly shown: readonly string[] }
);

interface Block {
  /** The heading of the second level that it stands under; empty above the first. */
  readonly section: string;
  readonly language: string;
  /** The line of text before the block. */
  readonly before: string;
  readonly lines: readonly string[];
}

const SECTION = /^## (.+)$/;
const FENCE = /^```(\w*)$/;
/** `Write \`policy.js\`:` and the like, right before a block, makes the block a file. */
const NAMES_FILE = /`([\w./-]+\.\w+)`[^`]*:$/;

/** The fenced blocks of a page, in order. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { section: string; language: string; before: string; lines: string[] } | undefined;
  let before = "";
  let section = "";
  for (const line of markdown.split("\n")) {
    const fence = FENCE.exec(line);
    if (open === undefined && fence !== null) {
      open = { section, language: fence[1] ?? "", before, lines: [] };
    } else if (open !== undefined) {
      if (fence === null) {
        open.lines.push(line);
        continue;
      }
      blocks.push(open);
      open = undefined;
      before = "";
    } else if (line.trim() !== "") {
      before = line;
      section = SECTION.exec(line)?.[1] ?? section;
    }
  }
  return blocks;
}

function commandsOf(section: string, lines: readonly string[]): Step[] {
  const starts = lines.flatMap((line, at) => (line.startsWith("$ ") ? [at] : []));
  return starts.map((at, index) => ({
    section,
    kind: "command",
    command: (lines[at] ?? "").slice(2),
    shown: lines.slice(at + 1, starts[index + 1]),
  }));
}

/** What a page asks its reader to do. Blocks of the language `console` are typed; a `$` marks a command. */
export function stepsOf(markdown: string): Step[] {
  return blocksOf(markdown).flatMap(({ section, language, before, lines }): Step[] => {
    if (language === "console") return commandsOf(section, lines);
    const path = NAMES_FILE.exec(before)?.[1];
    return path === undefined || language === "sh"
      ? []
      : [{ section, kind: "file", path, content: `${lines.join("\n")}\n` }];
  });
}
