/**
 * Plots as SVG, computed by d3 without a DOM. They contain numbers and class names only: every text, also that of the axes, is
 * in the page around them, so a plot can be stretched to any width, and a table beside it has its figures.
 */
import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';

const WIDTH = 1_000;
const HEIGHT = 200;

/** One column: counts by series, or nothing where they are not kept. */
export interface Column {
  readonly kept: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

export interface ColumnPlot {
  /** The inside of an SVG of `viewBox`. */
  readonly svg: string;
  readonly viewBox: string;
  /** The value at the top of the plot. */
  readonly top: number;
}

/** Stacked columns. A column that is not kept is drawn over the whole height, in a class of its own. @param series from the bottom */
export function columnPlot(columns: readonly Column[], series: readonly string[]): ColumnPlot {
  const totals = columns.map(({ counts }) => series.reduce((sum, name) => sum + (counts[name] ?? 0), 0));
  const x = scaleBand<number>([...columns.keys()], [0, WIDTH]).paddingInner(0.2);
  const y = scaleLinear([0, Math.max(1, ...totals)], [HEIGHT, 0]).nice(4);
  const rect = (index: number, from: number, to: number, name: string) =>
    `<rect class="${name}" x="${round(x(index) ?? 0)}" width="${round(x.bandwidth())}" y="${round(to)}" height="${round(from - to)}"/>`;
  const stacked = stack<Column, string>()
    .keys([...series])
    .value(({ counts }, name) => counts[name] ?? 0)([...columns]);
  const lines = y
    .ticks(4)
    .map((tick) => `<line class="grid" x1="0" x2="${WIDTH}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>`);
  const unkept = columns.flatMap(({ kept }, index) => (kept ? [] : [rect(index, HEIGHT, 0, 'unkept')]));
  const kept = stacked.flatMap((layer) =>
    layer.flatMap(([from, to], index) =>
      to > from && columns[index]?.kept ? [rect(index, y(from), y(to), layer.key)] : [],
    ),
  );
  return {
    svg: [...lines, ...unkept, ...kept].join(''),
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    top: y.domain()[1] ?? 0,
  };
}

/** Lengths of horizontal bars, in per cent of the longest. Anything that is not zero can be seen. */
export function barLengths(values: readonly number[]): readonly number[] {
  const length = scaleLinear([0, Math.max(1, ...values)], [0, 100]);
  return values.map((value) => (value === 0 ? 0 : Math.max(1, round(length(value)))));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
