/** What is known of one country's personal codes. */
export interface PersonalCodeRules {
  /** ISO 3166-1 alpha-2. */
  readonly country: 'EE' | 'LV' | 'LT' | 'BE';
  /** A code with a valid check digit, as people of the country write it. */
  readonly example: string;
  /** What a person typed, as the country's registers write it; of what is no code, something that is not well-formed. */
  readonly normalise: (input: string) => string;
  /** Whether a normalised code can be one by its layout. Its check digit is not looked at. */
  readonly isWellFormed: (code: string) => boolean;
  /** @param code well-formed */
  readonly hasValidCheckDigit: (code: string) => boolean;
  /**
   * `YYYY-MM-DD`, or `undefined` where the code carries no date.
   *
   * @param code well-formed
   */
  readonly birthDate: (code: string) => string | undefined;
}

/** What a person typed without what people put between the digits: white space, dots, dashes of all kinds. */
export function withoutSeparators(input: string): string {
  return input.replaceAll(/[\s\p{Cf}\p{Pd}\u2212.]/gu, '');
}

export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
}
