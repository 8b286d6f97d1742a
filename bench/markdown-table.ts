/** A Markdown table whose columns are set to one width, so that it can be read as it is. The last columns, from `figuresFrom` on, are set to the right. */
export function markdownTable(
  headings: readonly string[],
  cells: readonly (readonly string[])[],
  figuresFrom: number,
): string {
  const rows = [headings, ...cells.map((row) => row.map(escapeCell))];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => {
    const padded = row.map((cell, column) =>
      column < figuresFrom ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (column < figuresFrom ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const [head = [], ...body] = rows;
  return [head, rule, ...body].map(line).join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
