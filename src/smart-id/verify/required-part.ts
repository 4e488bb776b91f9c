import { VerificationError } from './errors.ts';

/**
 * A part that an answer must have.
 *
 * @param name of the part, for the log
 * @throws VerificationError response_part_missing where it is absent or empty
 */
export function requiredPart<T>(part: T | undefined, name: string): T {
  if (part === undefined || part === '') {
    throw new VerificationError('response_part_missing', `${name} is missing`);
  }
  return part;
}
