/**
 * The catalogue of defects: everything that must never log anybody in, by name, each with the code of its refusal.
 *
 *   pathDefects, encodingDefects ── a certificate that is not Smart-ID's, or none   pki/ refuses these by itself
 *   revocationDefects ──────────── a genuine certificate that is so no more
 *   accountDefects, personDefects ─ a genuine certificate of something or somebody else
 *   answerDefects, answerDefectsV2, callbackDefects, otherLoginDefects ─ an answer that is not to this login
 *   wireDefects ─────────────────── what is not laid out as agreed
 *
 * Each is a genuine login but for what its name says, in every way to log in in which it can occur.
 */
import { testPki } from '../answers/authentication-responses.ts';
import { accountDefects } from './accounts.ts';
import { answerDefectsV2 } from './answers-v2.ts';
import { answerDefects } from './answers.ts';
import { callbackDefects } from './callbacks.ts';
import { type Defect, inEveryWay } from './defect.ts';
import { encodingDefects } from './encodings.ts';
import { otherLoginDefects } from './other-logins.ts';
import { pathDefects } from './paths.ts';
import { personDefects } from './persons.ts';
import { revocationDefects } from './revocations.ts';
import { wireDefects } from './wire.ts';

/** By what they are of. */
export const catalogue: Readonly<Record<string, readonly Defect[]>> = {
  'its certificate’s path': inEveryWay(
    mapped(pathDefects, ([code, make]) => [code, () => ({ issued: make(testPki) })]),
  ),
  'its certificate’s encoding': inEveryWay(
    mapped(encodingDefects, (make) => ['certificate_malformed', () => ({ issued: make(testPki) })]),
  ),
  'its certificate’s revocation': revocationDefects,
  'its certificate’s purpose, policies, level and key': accountDefects,
  'whom it is of': personDefects,
  'what it says and signs': answerDefects,
  'what it says and signs, by RP API v2': answerDefectsV2,
  'the callback': callbackDefects,
  'parts of other logins': otherLoginDefects,
  'its layout': wireDefects,
};

export const defects: readonly Defect[] = Object.values(catalogue).flat();

function mapped<From, To>(
  table: Readonly<Record<string, From>>,
  change: (from: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(table).map(([name, from]) => [name, change(from)]));
}
