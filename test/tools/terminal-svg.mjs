// Draws what a terminal shows: text with the escape sequences that tofu and terraform use becomes an SVG picture.

const COLUMN = 8.43;
const ROW = 20;
const MARGIN = 18;
const BAR = 34;
const FONT = 14;
/** The sixteen colours; those that core uses have names in the style sheet. */
const COLOURS = {
  30: "black",
  31: "red",
  32: "green",
  33: "yellow",
  34: "blue",
  35: "magenta",
  36: "cyan",
  90: "grey",
};
const STYLE = `
    text { font: ${FONT}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d7dae0; white-space: pre; }
    .bold { font-weight: 700; }
    .underline { text-decoration: underline; }
    .prompt { fill: #8b949e; }
    .red { fill: #ff7b72; }
    .green { fill: #7ee787; }
    .yellow { fill: #f2cc60; }
    .blue { fill: #79c0ff; }
    .magenta { fill: #d2a8ff; }
    .cyan { fill: #76e3ea; }
    .grey { fill: #8b949e; }
  `;

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What a sequence of Select Graphic Rendition makes of the style in force. Throws for one that cannot be drawn. */
function styled(style, codes) {
  const next = new Set(style);
  for (const code of codes.split(";")) {
    const colour = COLOURS[code];
    if (code === "" || code === "0") next.clear();
    else if (code === "1") next.add("bold");
    else if (code === "4") next.add("underline");
    else if (code === "22") next.delete("bold");
    else if (code === "24") next.delete("underline");
    else if (colour === undefined && code !== "39") throw new Error(`no way to draw the escape sequence ESC[${codes}m`);
    else {
      for (const name of Object.values(COLOURS)) next.delete(name);
      if (colour !== undefined) next.add(colour);
    }
  }
  return next;
}

/** One line as spans; gives them and the style that the next line begins with. */
function spansOf(line, style) {
  const spans = [];
  let now = style;
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith("\u001b")) now = styled(now, part.slice(2, -1));
    else if (part !== "") spans.push({ text: part, classes: [...now] });
  }
  return { spans, style: now };
}

function tspan({ text, classes }) {
  const names = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
  return `<tspan${names}>${escaped(text)}</tspan>`;
}

/** A picture of these lines; those that begin with `$ ` were typed. `title` stands in the window's bar. */
export function terminalSvg(lines, title) {
  let style = new Set();
  const rows = lines.map((line, index) => {
    const { spans, style: next } = line.startsWith("$ ")
      ? {
          spans: [
            { text: "$ ", classes: ["prompt"] },
            { text: line.slice(2), classes: ["bold"] },
          ],
          style: new Set(),
        }
      : spansOf(line, style);
    style = next;
    const y = BAR + MARGIN + FONT + index * ROW;
    return spans.length === 0
      ? ""
      : `  <text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.map(tspan).join("")}</text>\n`;
  });
  const widest = Math.max(...lines.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/g, "").length));
  const width = Math.ceil(widest * COLUMN + 2 * MARGIN);
  const height = BAR + 2 * MARGIN + lines.length * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${escaped(title)}</title>
  <style>${STYLE}</style>
  <rect width="${width}" height="${height}" rx="8" fill="#161b22"/>
  <circle cx="20" cy="${BAR / 2}" r="5" fill="#ff5f56"/>
  <circle cx="38" cy="${BAR / 2}" r="5" fill="#ffbd2e"/>
  <circle cx="56" cy="${BAR / 2}" r="5" fill="#27c93f"/>
${rows.join("")}</svg>
`;
}
