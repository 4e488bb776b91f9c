import type { CertificateLevel } from '../../identity/certificate-level.ts';
import type { Person } from '../../identity/person.ts';
import type { LoginResult } from '../../login/login-result.ts';

/**
 * What the claims of a login look like for a client.
 *
 * A profile changes how a login is written, never who it is or at which level: its subject names the same person.
 */
export interface ClaimsProfile {
  readonly amr: readonly string[];
  acrOf(level: CertificateLevel): string;
  /** The `sub` of a client without pairwise subjects. @param identifier a semantics identifier */
  subjectOf(identifier: string): string;
  /** The semantics identifier of the person who has this `sub`; undefined for a text that is no `sub` of the profile. */
  identifierOf(subject: string): string | undefined;
  /** Whether the profile has a subject that is this person's alone. */
  hasSubject(person: Pick<Person, 'identityType'>): boolean;
  /** The level that a login must have at least, by the parameters of the request; undefined: any that is allowed otherwise. */
  leastLevel(parameters: Readonly<Record<string, unknown>>): CertificateLevel | undefined;
  /** What the client gets when the person goes back without a login. */
  readonly cancelled: { readonly error: string; readonly error_description: string };
  /** Claims that a client gets whatever it has asked for. */
  alwaysClaims(login: LoginResult, use: string): Readonly<Record<string, unknown>>;
  /** Whether the `state` of the request is kept with the login. */
  readonly keepsState: boolean;
}
