import { oneLine } from '../../invisible-characters.ts';

/** Columns for a terminal. Only what is printable is printed: texts of clients are not trusted with the cursor. */
export function tableOf(heading: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [heading, ...rows].map((line) => line.map(oneLine));
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
