import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type CertificateContents, parseCertificate } from '../../../src/pki/certificate.ts';
import { isListed, verifyCrl } from '../../../src/pki/revocation/crl/crl.ts';
import { RevocationSourceError } from '../../../src/pki/revocation/errors.ts';
import { verifyOcspResponse } from '../../../src/pki/revocation/ocsp-response.ts';
import type { OcspQuestion } from '../../../src/pki/revocation/ocsp-request.ts';
import { createTestPki, issueAuthentication, type TestPki } from '../../support/certificates/certificates.ts';
import { crlTemplate, encodeCrl } from '../../support/revocation/crls.ts';
import { byteMutation, mutateBytes } from '../../support/mutations/byte-mutations.ts';
import { ONCE_ACCEPTED } from '../../support/mutations/corpus.ts';
import { type DerMutation, derMutation, mutateDer } from '../../support/mutations/der-mutations.ts';
import { type DerNode, readTree, writeTree } from '../../support/mutations/der-tree.ts';
import {
  responseSignedAgain,
  signedAgain,
  signedPart,
  signedPartOfResponse,
} from '../../support/mutations/signed-again.ts';
import { assertRefused, shareOf } from '../../support/mutations/run.ts';
import {
  testOcspRequest,
  encodeOcsp,
  issueResponder,
  ocspTemplate,
  ownResponder,
  rsaResponder,
} from '../../support/revocation/ocsp-responses.ts';

const PKIS: readonly TestPki[] = [createTestPki(), createTestPki({ caKeys: 'rsa' })];
const RUNS = 4_000;
const NULL = 0x05;

/** A sequence of mutations, or replacement by another genuine object. */
const mutation = fc.oneof(
  { weight: 8, arbitrary: fc.array(derMutation, { minLength: 1, maxLength: 3 }) },
  { weight: 8, arbitrary: byteMutation },
  fc.constant('other' as const),
);

function mutate(
  bytes: Buffer,
  change: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
  other: Buffer,
) {
  if (change === 'other') return other;
  if ('bytes' in change) return mutateBytes(bytes, change, other);
  return change.reduce((mutant, one) => mutateDer(mutant, one, other), bytes);
}

interface GenuineList {
  readonly der: Buffer;
  readonly issuer: CertificateContents;
  readonly now: Date;
}

const lists: readonly GenuineList[] = PKIS.flatMap((pki) => {
  const person = issueAuthentication(pki).certificate;
  const many = Array.from({ length: 5 }, () => issueAuthentication(pki).certificate);
  return [[], [person], many].map((revoked) => ({
    der: encodeCrl(crlTemplate(pki, pki.issuing, { revoked })),
    issuer: parseCertificate(pki.issuing.certificate),
    now: pki.now,
  }));
});

describe('a genuine revocation list', () => {
  it('is accepted unchanged', () => {
    for (const { der, ...context } of lists) assert.equal(verdictOnList(der, context), 'accepted');
  });

  it('is refused in each of its mutations', async (test) => {
    await assertRefused(test, {
      corpus: ONCE_ACCEPTED.map((change) => ({ of: 0, other: 1, change: [change] })),
      runs: RUNS,
      mutations: fc.record({ of: index(lists), other: index(lists), change: mutation }),
      mutate({ of, other, change }) {
        const given = at(lists, of);
        const der = mutate(given.der, change, at(lists, other).der);
        // Every byte is signed, or encodes the length of something signed.
        return der.equals(given.der) || isGenuineOf(given, der) ? undefined : { ...given, der };
      },
      verdict: ({ der, ...context }) => verdictOnList(der, context),
      show: ({ der, issuer, now }) => ({ der: der.toString('base64'), issuer: base64(issuer), now }),
    });
  });

  /** Whether the bytes are another genuine list of the same CA, with other contents. */
  function isGenuineOf({ issuer }: GenuineList, der: Buffer): boolean {
    return lists.some((list) => list.issuer.fingerprint === issuer.fingerprint && list.der.equals(der));
  }
});

interface GenuineAnswer {
  readonly der: Buffer;
  readonly question: OcspQuestion;
  readonly now: Date;
}

const answers: readonly GenuineAnswer[] = PKIS.flatMap((pki) => {
  const responders = [
    ownResponder(pki.issuing),
    issueResponder(pki, pki.issuing),
    rsaResponder(pki, pki.issuing),
  ];
  return responders.flatMap((responder) =>
    (['good', 'revoked', 'unknown'] as const).map((status, number) => {
      const request = testOcspRequest(pki);
      const [namedBy, hash] = number === 1 ? (['key', 'sha256'] as const) : (['name', 'sha1'] as const);
      const der = encodeOcsp(ocspTemplate(request, { responder, status, namedBy, hash }));
      return { der, question: request.question, now: pki.now };
    }),
  );
});

describe('a genuine OCSP response', () => {
  it('is accepted unchanged', () => {
    for (const { der, ...context } of answers) assert.equal(verdictOnAnswer(der, context), 'accepted');
  });

  it('is refused in each of its mutations', async (test) => {
    await assertRefused(test, {
      corpus: ONCE_ACCEPTED.map((change) => ({ of: 0, other: 1, change: [change] })),
      runs: RUNS,
      mutations: fc.record({ of: index(answers), other: index(answers), change: mutation }),
      mutate({ of, other, change }) {
        const given = at(answers, of);
        const der = mutate(given.der, change, at(answers, other).der);
        return meansTheSame(der, given.der) ? undefined : { ...given, der };
      },
      verdict: ({ der, ...context }) => verdictOnAnswer(der, context),
      show: ({ der, question, now }) => ({
        der: der.toString('base64'),
        nonce: Buffer.from(question.nonce).toString('base64'),
        certificate: base64(question.certificate),
        issuer: base64(question.issuer),
        now,
      }),
    });
  });
});

describe('malformed data that a CA has signed', () => {
  const odd = fc.array(derMutation, { minLength: 1, maxLength: 2 });
  const pki = createTestPki({ caKeys: 'rsa' });
  const issuer = parseCertificate(pki.issuing.certificate);

  it('does not cause an unexpected error as a revocation list', () => {
    const [list, other] = [[issueAuthentication(pki).certificate], []].map((revoked) =>
      encodeCrl(crlTemplate(pki, pki.issuing, { revoked })),
    );
    assert.ok(list && other);
    const issued = parseCertificate(issueAuthentication(pki).certificate);
    fc.assert(
      fc.property(odd, (changes) => {
        const der = signedAgain(list, pki.issuing, (signed) =>
          changes.reduce((changed, one) => mutateDer(changed, one, signedPart(other)), signed),
        );
        verdictOf(() => isListed(verifyCrl(der, issuer, pki.now), issued));
      }),
      { numRuns: shareOf(500) },
    );
  });

  it('does not cause an unexpected error as a response, and is good only if it contains the status good', () => {
    const request = testOcspRequest(pki);
    const responder = ownResponder(pki.issuing);
    const [good, revoked, unknown] = (['good', 'revoked', 'unknown'] as const).map((status) =>
      encodeOcsp(ocspTemplate(request, { responder, status })),
    );
    assert.ok(good && revoked && unknown);
    fc.assert(
      fc.property(fc.constantFrom(revoked, unknown), odd, (response, changes) => {
        const der = responseSignedAgain(response, pki.issuing, (signed) =>
          changes.reduce((changed, one) => mutateDer(changed, one, signedPartOfResponse(good)), signed),
        );
        verdictOf(() => {
          if (verifyOcspResponse(der, request.question, pki.now).status !== 'good') return;
          assert.ok(der.includes(Buffer.of(0x80, 0x00, 0x18, 0x0f)), der.toString('base64'));
        });
      }),
      {
        numRuns: 2 * ONCE_ACCEPTED.length + shareOf(2_000),
        examples: [revoked, unknown].flatMap((response) =>
          ONCE_ACCEPTED.map((change): [Buffer, DerMutation[]] => [response, [change]]),
        ),
      },
    );
  });
});

/**
 * Whether a response has the same meaning as a genuine one. Two parts are not signed: the certificates in it, of which only
 * the signer's is used; and the algorithm identifier, whose parameters can be NULL or absent for RSA.
 */
function meansTheSame(mutant: Buffer, genuine: Buffer): boolean {
  const [one, other] = [partsOf(mutant), partsOf(genuine)];
  if (!one || !other) return mutant.equals(genuine);
  return one.rest.equals(other.rest) && other.certificates.every((der) => one.certificates.includes(der));
}

/** The response without those parts, and the certificates; undefined for bytes that are not a response in DER. */
function partsOf(response: Buffer): { rest: Buffer; certificates: readonly string[] } | undefined {
  const tree = readTree(response);
  if (!tree || !writeTree(tree).equals(response)) return undefined;
  const basic = inside(tree, 1, 0, 1, 0);
  const algorithm = basic?.children?.[1];
  if (algorithm?.children?.[1]?.tag === NULL) algorithm.children.pop();
  const [tagged] = basic?.children?.splice(3, 1) ?? [];
  const certificates = tagged?.children?.[0]?.children ?? [];
  return { rest: writeTree(tree), certificates: certificates.map((der) => writeTree(der).toString('hex')) };
}

function inside(node: DerNode | undefined, ...path: readonly number[]): DerNode | undefined {
  return path.reduce((found, child) => found?.children?.[child], node);
}

function verdictOnList(der: Buffer, { issuer, now }: Omit<GenuineList, 'der'>): string {
  return verdictOf(() => verifyCrl(der, issuer, now));
}

function verdictOnAnswer(der: Buffer, { question, now }: Omit<GenuineAnswer, 'der'>): string {
  return verdictOf(() => verifyOcspResponse(der, question, now));
}

function verdictOf(verify: () => unknown): string {
  try {
    verify();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof RevocationSourceError)) throw error;
    return error.code;
  }
}

function index(list: readonly unknown[]): fc.Arbitrary<number> {
  return fc.nat(list.length - 1);
}

function at<T>(list: readonly T[], place: number): T {
  const found = list[place];
  assert.ok(found);
  return found;
}

function base64({ der }: CertificateContents): string {
  return Buffer.from(der).toString('base64');
}
