/**
 * The catalogue of defects: every response that must not complete a login, by name, each with the code of its refusal.
 *
 *   pathDefects, encodingDefects ── not a Smart-ID certificate, or malformed (pki/ refuses these by itself)
 *   revocationDefects ───────────── a revoked certificate, or one without a revocation status
 *   accountDefects, personDefects ─ a valid certificate for another purpose or person
 *   answerDefects, answerDefectsV2, callbackDefects, otherLoginDefects ─ a response that does not belong to this login
 *   wireDefects ─────────────────── a response that does not match the schema
 *
 * Each is a valid login except for the named defect, in every flow in which the defect can occur.
 */
import { testPki } from '../answers/authentication-responses.ts';
import type { IssuedCertificate, TestPki } from '../certificates/certificates.ts';
import { accountDefects } from './accounts.ts';
import { answerDefectsV2 } from './answers/answers-v2.ts';
import { answerDefects } from './answers/answers.ts';
import { callbackDefects } from './answers/callbacks.ts';
import { type AnyOptions, type Defect, inEveryFlow } from './defect.ts';
import { encodingDefects } from './encodings.ts';
import { otherLoginDefects } from './answers/other-logins.ts';
import { pathDefects } from './paths.ts';
import { personDefects } from './persons.ts';
import { revocationDefects } from './revocations.ts';
import { wireDefects } from './answers/wire.ts';
import { once } from '../once.ts';

/** Grouped by what is defective. */
export const catalogue: Readonly<Record<string, readonly Defect[]>> = {
  'the certification path': inEveryFlow(mapped(pathDefects, ([code, make]) => [code, withCertificate(make)])),
  'the certificate’s encoding': inEveryFlow(
    mapped(encodingDefects, (make) => ['certificate_malformed', withCertificate(make)]),
  ),
  'the certificate’s revocation status': revocationDefects,
  'the certificate’s purpose, policies, level and key': accountDefects,
  'the person and the account': personDefects,
  'the stated and signed values': answerDefects,
  'the stated and signed values in RP API v2': answerDefectsV2,
  'the callback': callbackDefects,
  'parts of other logins': otherLoginDefects,
  'the JSON': wireDefects,
};

export const defects: readonly Defect[] = Object.values(catalogue).flat();

/** The same certificate in every flow. */
function withCertificate(make: (pki: TestPki) => IssuedCertificate): () => AnyOptions {
  const issued = once(() => make(testPki));
  return () => ({ issued: issued() });
}

function mapped<From, To>(
  table: Readonly<Record<string, From>>,
  change: (from: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(table).map(([name, from]) => [name, change(from)]));
}
