import type { Config } from '../config/config.ts';
import type { KnownAuthorities } from '../smart-id/known-authorities.ts';

/** The settings that determine which CA certificates are trusted. */
export interface TrustSettings {
  readonly environment: 'simulator' | 'demo' | 'live';
  /** `TRUST_DIR`. */
  readonly directory: string;
  /** `TRUST_EXTRA_SHA256`: further fingerprints that the operator trusts, upper-case hexadecimal. */
  readonly extra: readonly string[];
  readonly known: KnownAuthorities;
}

/** @returns `undefined` without a `TRUST_DIR`, as with the simulator */
export function trustSettings(
  { environment, trustDir, trustExtra }: Pick<Config['smartId'], 'environment' | 'trustDir' | 'trustExtra'>,
  known: KnownAuthorities,
): TrustSettings | undefined {
  return trustDir === undefined ? undefined : { environment, directory: trustDir, extra: trustExtra, known };
}
