import type { AuthenticatedAttempt } from './attempt.ts';
import type { Failure } from './failure.ts';

/** Why a client does not get a login that the eID has confirmed. */
export type ClientRefusal = Extract<
  Failure['code'],
  'person_mismatch' | 'country_not_allowed' | 'account_not_suitable'
>;

/** The failure of an attempt that ends so. */
export function failureOfRefusal(code: ClientRefusal, { result }: AuthenticatedAttempt): Failure {
  switch (code) {
    case 'person_mismatch':
      return { code, detail: 'not the person whom the client expects' };
    case 'country_not_allowed':
      return { code, detail: result.person.identityCountry };
    case 'account_not_suitable':
      return { code, detail: `the client does not accept ${result.certificateLevel}` };
  }
}
