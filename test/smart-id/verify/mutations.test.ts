import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { IdentityError } from '../../../src/identity/errors.ts';
import { personOf } from '../../../src/identity/person-of-certificate.ts';
import type { VerifiedAuthentication } from '../../../src/smart-id/authentication.ts';
import { testPki } from '../../support/answers/authentication-responses.ts';
import { trustStoreOf, verifiedWith } from '../../support/answers/authentications.ts';
import { rsaKeyPair } from '../../support/certificates/certificate-encoding.ts';
import type { AuthenticationProfile } from '../../support/certificates/certificate-profile.ts';
import { createTestPki, issueAuthentication } from '../../support/certificates/certificates.ts';
import { exchangeFor, RESPONSE_FLOWS } from '../../support/defects/defect.ts';
import { answerMutation, mutateAnswer } from '../../support/mutations/answer-mutations.ts';
import { ONCE_ACCEPTED } from '../../support/mutations/corpus.ts';
import { derMutation, mutateDer } from '../../support/mutations/der-mutations.ts';
import { signedAgain, signedPart } from '../../support/mutations/signed-again.ts';
import { readTree } from '../../support/mutations/der-tree.ts';
import { type AnyExchange, bodyOf, meaningOf } from '../../support/mutations/members.ts';
import { serialisation, reserialised } from '../../support/mutations/serialisations.ts';
import { assertRefused, shareOf } from '../../support/mutations/run.ts';
import { refusalCode } from '../../support/refusal.ts';

const PEOPLE: readonly AuthenticationProfile[] = [
  {},
  { identifier: 'PNOLV-030303-10004', surname: 'ŽĪGURE', givenName: 'LĪGA', generation: 'older' },
  { identifier: 'PNOLT-50001029996', level: 'ADVANCED', dateOfBirth: null },
];
const AUTHORITIES = { ECDSA: testPki, RSA: createTestPki({ caKeys: 'rsa' }) };

/** Genuine responses in every flow, of several people with separate keys, under CAs of both key types. */
const genuine: readonly AnyExchange[] = Object.entries(AUTHORITIES).flatMap(([kind, pki]) =>
  PEOPLE.flatMap((person) => {
    const keys = rsaKeyPair(`${person.identifier ?? 'default'}, ${kind}`);
    const issued = issueAuthentication(pki, { ...person, keys });
    const session = { certificateLevel: person.level ?? 'QUALIFIED' };
    return RESPONSE_FLOWS.map((flow) => exchangeFor(flow, { certificate: person, issued, session }));
  }),
);

const trust = trustStoreOf({
  anchors: Object.values(AUTHORITIES).flatMap(({ issuing, nonQualifiedIssuing }) => [
    issuing.certificate,
    nonQualifiedIssuing.certificate,
  ]),
  intermediates: [],
});

/** The OID 2.5.4.5. */
const SERIAL_NUMBER = Buffer.from('550405', 'hex');

const anyIndex = fc.nat(genuine.length - 1);

describe('a genuine response', () => {
  it('is accepted without a mutation', async () => {
    for (const given of genuine) assert.equal(await verdict(given), 'accepted');
  });

  it('is refused with every mutation', async (test) => {
    await assertRefused(test, {
      corpus: ONCE_ACCEPTED.map((change) => ({
        of: 0,
        other: 1,
        mutation: { answer: 'der' as const, changes: [change] },
      })),
      runs: 20_000,
      mutations: fc.record({ of: anyIndex, other: anyIndex, mutation: answerMutation }),
      mutate({ of, other, mutation }) {
        const given = at(of);
        const mutant = mutateAnswer(given, mutation, at(other));
        return meaningOf(mutant) === meaningOf(given) ? undefined : mutant;
      },
      verdict,
      show: (mutant) => ({
        ...mutant,
        trust: trust.anchors.map(({ der }) => Buffer.from(der).toString('base64')),
      }),
    });
  });

  it('is accepted in another serialisation', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyIndex,
        fc.array(serialisation, { minLength: 1, maxLength: 4 }),
        async (of, serialisations) => {
          const given = at(of);
          const restated = { ...given, body: serialisations.reduce(reserialised, bodyOf(given)) };
          assert.equal(meaningOf(restated), meaningOf(given));
          assert.equal(await verdict(restated), 'accepted');
        },
      ),
      { numRuns: shareOf(1_000) },
    );
  });
});

describe('a mutated certificate that a trusted CA signed', () => {
  const pki = AUTHORITIES.RSA;
  const account = issueAuthentication(pki);
  const { certificate: other } = issueAuthentication(pki, {
    ...PEOPLE[1],
    extendedKeyUsage: ['2.5.29.37.0'],
  });
  const session = { expectedIdentifier: undefined };

  it('is refused, or accepted with the person that it names, and never crashes', async (test) => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(derMutation, { minLength: 1, maxLength: 2 }), async (changes) => {
        const mutated = signedAgain(account.certificate, pki.issuing, (signed) =>
          changes.reduce((der, change) => mutateDer(der, change, signedPart(other)), signed),
        );
        const issued = { ...account, certificate: mutated };
        const given = exchangeFor('Notification', { issued, session });
        const before = process.threadCpuUsage();
        if ((await verdict(given)) === 'accepted') {
          accepted += 1;
          assertPersonOf(await verifiedWith(trust, given), mutated);
        }
        const { user, system } = process.threadCpuUsage(before);
        assert.ok(user + system < 1_000_000, mutated.toString('base64'));
      }),
      {
        numRuns: ONCE_ACCEPTED.length + shareOf(2_000),
        examples: ONCE_ACCEPTED.map((change) => [[change]]),
      },
    );
    test.diagnostic(`${accepted} accepted`);
  });
});

/** The person is the same that another parser reads from the certificate, or the certificate yields no claims. */
function assertPersonOf({ certificate }: VerifiedAuthentication, der: Buffer): void {
  const subject = readTree(signedPart(der))?.children?.[5];
  assert.ok(subject);
  const attributes = (subject.children ?? []).flatMap((relativeName) => relativeName.children ?? []);
  const read = attributes
    .filter(({ children }) => children?.[0]?.content.equals(SERIAL_NUMBER))
    .map(({ children }) => children?.[1]?.content.toString('latin1'));
  try {
    assert.deepEqual(read, [personOf(certificate).semanticsIdentifier]);
  } catch (error) {
    assert.ok(error instanceof IdentityError, String(error));
  }
}

async function verdict(given: AnyExchange): Promise<string> {
  try {
    await verifiedWith(trust, given);
    return 'accepted';
  } catch (error) {
    return refusalCode(error);
  }
}

function at(index: number): AnyExchange {
  const given = genuine[index];
  assert.ok(given);
  return given;
}
