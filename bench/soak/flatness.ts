/** Whether a figure that was sampled at even times stays where it is. */

export interface Tolerance {
  /** How much a figure may rise from the third quarter to the last, as a share of what it was … */
  readonly share: number;
  /** … or by how much in its own unit, whichever is more. */
  readonly least: number;
}

export interface Flatness {
  readonly first: number;
  readonly last: number;
  readonly greatest: number;
  /** From the median of the third quarter to that of the last: one burst of load is no rise. */
  readonly rise: number;
  readonly limit: number;
  readonly isFlat: boolean;
}

/** The first half is left out: what is loaded once is there after it. A fall is flat, a figure that is missing is not. */
export function flatnessOf(samples: readonly number[], { share, least }: Tolerance): Flatness {
  const quarter = Math.floor(samples.length / 4);
  const before = median(samples.slice(2 * quarter, 3 * quarter));
  const rise = median(samples.slice(3 * quarter)) - before;
  const limit = Math.max(least, share * before);
  return {
    first: samples[0] ?? NaN,
    last: samples.at(-1) ?? NaN,
    greatest: Math.max(...samples),
    rise,
    limit,
    isFlat: samples.every(Number.isFinite) && rise <= limit,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
