/** The rules of one country's personal codes. */
export interface PersonalCodeRules {
  /** ISO 3166-1 alpha-2. */
  readonly country: 'EE' | 'LV' | 'LT' | 'BE';
  /** A code with a valid check digit, in the country's usual notation. */
  readonly example: string;
  /** Converts typed input to the notation of the country's registers. Input that is not a code stays malformed. */
  readonly normalise: (input: string) => string;
  /** Whether a normalised code has the country's layout. Does not verify the check digit. */
  readonly isWellFormed: (code: string) => boolean;
  /** @param code well-formed */
  readonly hasValidCheckDigit: (code: string) => boolean;
  /**
   * `YYYY-MM-DD`, or `undefined` if the code contains no date.
   *
   * @param code well-formed
   */
  readonly birthDate: (code: string) => string | undefined;
}

/** Removes the separators that people type between digits: white space, dots and dashes of all kinds. */
export function withoutSeparators(input: string): string {
  return input.replaceAll(/[\s\p{Cf}\p{Pd}\u2212.]/gu, '');
}

export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
}
