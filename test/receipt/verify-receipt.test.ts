import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VerificationError } from '../../src/smart-id/verify/errors.ts';
import { MalformedAnswerError } from '../../src/smart-id/evidence/verify-evidence.ts';
import { ReceiptError, verifyReceipt } from '../../src/receipt/verify-receipt.ts';
import { testPki } from '../support/answers/authentication-responses.ts';
import { issueAuthentication } from '../support/certificates/certificates.ts';
import { derValue } from '../support/certificates/der.ts';
import { catalogue } from '../support/defects/catalogue.ts';
import { exchangeFor, RESPONSE_FLOWS } from '../support/defects/defect.ts';
import {
  contextOf,
  evidenceFrom,
  payloadFor,
  receiptKeys,
  RECEIPT_KID,
  recordedAnswer,
  recordedAnswers,
  signedReceipt,
  verifiedReceipt,
} from '../support/outputs/receipts.ts';
import * as crlDefects from '../support/revocation/crl-defects.ts';
import { crlTemplate, withEntries } from '../support/revocation/crls.ts';
import * as ocspDefects from '../support/revocation/ocsp-defects.ts';
import { revocationService, type RevocationService } from '../support/revocation/revocation-service.ts';

/** The code of a refusal. Any other error is a crash and fails the test. */
async function codeOf(verifying: Promise<unknown>): Promise<string> {
  try {
    await verifying;
    return 'genuine';
  } catch (error) {
    if (
      error instanceof ReceiptError ||
      error instanceof VerificationError ||
      error instanceof MalformedAnswerError
    )
      return error.code;
    throw error;
  }
}

describe('the receipt of a genuine login', () => {
  for (const flow of RESPONSE_FLOWS) {
    for (const level of ['QUALIFIED', 'ADVANCED'] as const) {
      it(`is verified: ${flow}, ${level}, certificates of both generations`, async () => {
        for (const generation of ['current', 'older'] as const) {
          const given = exchangeFor(flow, {
            certificate: { level, generation },
            session: { certificateLevel: level },
          });
          const found = await verifiedReceipt(given, { withoutRevocation: true });
          assert.equal(found.kid, RECEIPT_KID);
          assert.equal(found.authentication.certificateLevel, level);
          assert.equal(found.authentication.documentNumber, given.answer.result?.documentNumber);
        }
      });
    }
  }

  it('is verified with what the CAs said, by OCSP and by revocation lists', async () => {
    const issued = issueAuthentication(testPki);
    for (const sources of [{}, { person: 'crl' }, { ca: 'crl' }, { person: 'crl', ca: 'crl' }] as const) {
      const answers = await recordedAnswers(issued.certificate, undefined, sources);
      const found = await verifiedReceipt(exchangeFor('QR', { issued }), {}, answers);
      assert.deepEqual(
        found.authentication.revocationEvidence.map(({ source }) => source),
        [sources.person ?? 'ocsp', sources.ca ?? 'ocsp'],
      );
    }
  });

  it('is verified in the response of userinfo too', async () => {
    const given = exchangeFor('QR');
    const receipt = await signedReceipt(payloadFor(evidenceFrom(given)));
    const text = `\n${JSON.stringify({ sub: 'PNOEE-40504040001', receipt })}\n`;
    assert.equal(
      await codeOf(verifyReceipt(text, { ...contextOf(given), withoutRevocation: true })),
      'genuine',
    );
  });
});

describe('an altered receipt is refused at the step that it breaks', () => {
  for (const [group, listed] of Object.entries(catalogue)) {
    // Answers of the CAs are recorded, not fetched: their defects are below.
    if (group === 'the certificate’s revocation status') continue;
    it(group, async () => {
      let refused = 0;
      for (const [index, { name, code, flows, make }] of listed.entries()) {
        // The steps are those of the login, which are tested in every flow; here each defect has one of its flows in turn.
        const given = make(flows[index % flows.length] ?? 'QR');
        if (!isJson(given.body)) continue;
        const found = await codeOf(contextual(() => verifiedReceipt(given, { withoutRevocation: true })));
        assert.ok([code, ...unrepresentable(given)].includes(found), `${name}: ${found}, not ${code}`);
        refused += 1;
      }
      assert.ok(refused > 0);
    });
  }

  it('with another key set, another type, another algorithm, or one changed letter', async () => {
    const given = exchangeFor('QR');
    const context = { ...contextOf(given), withoutRevocation: true };
    const payload = payloadFor(evidenceFrom(given));
    const receipt = await signedReceipt(payload);
    const other = await signedReceipt({ ...payload, aud: 'another-client' });
    const [header = '', body = '', signature = ''] = receipt.split('.');
    const [, otherBody = ''] = other.split('.');
    const unsigned = { typ: 'sild-receipt+jwt', alg: 'none' };
    const none = Buffer.from(JSON.stringify({ ...unsigned, kid: RECEIPT_KID })).toString('base64url');
    const nobody = Buffer.from(JSON.stringify(unsigned)).toString('base64url');
    const cases: [string, string, typeof context.keys][] = [
      ['receipt_key_unknown', receipt, { keys: [] }],
      [
        'receipt_key_compromised',
        receipt,
        { keys: receiptKeys.keys.map((key) => ({ ...key, compromised: true })) },
      ],
      ['receipt_type_unexpected', await signedReceipt(payload, { typ: 'JWT' }), receiptKeys],
      ['receipt_signature_invalid', `${header}.${otherBody}.${signature}`, receiptKeys],
      ['receipt_signature_invalid', `${header}.${body}.${'A'.repeat(signature.length)}`, receiptKeys],
      ['receipt_signature_invalid', `${none}.${body}.`, receiptKeys],
      ['receipt_key_unknown', `${nobody}.${body}.`, receiptKeys],
      ['receipt_key_unknown', await signedReceipt(payload, { kid: undefined }), receiptKeys],
      ['receipt_malformed', 'no JWS', receiptKeys],
      ['receipt_malformed', '{"sub":"PNOEE-40504040001"}', receiptKeys],
      ['receipt_malformed', await signedReceipt({ ...payload, auth_time: 'today' }), receiptKeys],
      ['receipt_malformed', await signedReceipt({ ...payload, evidence: { rpApi: '3' } }), receiptKeys],
    ];
    for (const [code, text, keys] of cases) {
      assert.equal(await codeOf(verifyReceipt(text, { ...context, keys })), code, text.slice(0, 60));
    }
  });

  it('with the evidence of another login', async () => {
    const [given, other] = [exchangeFor('QR'), exchangeFor('QR')];
    const evidence = { ...evidenceFrom(given), answer: evidenceFrom(other).answer };
    const receipt = await signedReceipt(payloadFor(evidence));
    assert.equal(
      await codeOf(verifyReceipt(receipt, { ...contextOf(given), withoutRevocation: true })),
      'signature_invalid',
    );
  });
});

describe('what the CAs said', () => {
  const issued = issueAuthentication(testPki);
  const given = exchangeFor('QR', { issued });
  const at = (minutes: number) => new Date(testPki.now.getTime() + minutes * 60_000);

  async function code(
    configure?: (service: RevocationService) => void,
    sources?: Parameters<typeof recordedAnswers>[2],
  ): Promise<string> {
    const answers = await recordedAnswers(issued.certificate, configure, sources);
    return codeOf(verifiedReceipt(given, {}, answers));
  }

  it('is required, unless the one who verifies waives it', async () => {
    assert.equal(await codeOf(verifiedReceipt(given)), 'revocation_unavailable');
    assert.equal(await codeOf(verifiedReceipt(given, { withoutRevocation: true })), 'genuine');
  });

  it('refuses a certificate or a CA that was revoked or unknown', async () => {
    const set = (ca: 'eid-q' | 'root', status: 'revoked' | 'unknown') => (service: RevocationService) => {
      service.ocsp[ca] = { status };
    };
    assert.equal(await code(set('eid-q', 'revoked')), 'certificate_revoked');
    assert.equal(await code(set('eid-q', 'unknown')), 'revocation_unknown');
    assert.equal(await code(set('root', 'revoked')), 'issuer_revoked');
    const listed = (service: RevocationService) => {
      service.crl['eid-q'] = { revoked: [issued.certificate] };
    };
    assert.equal(await code(listed, { person: 'crl' }), 'certificate_revoked');
  });

  it('is refused with every defect of an OCSP response and of a list', async () => {
    const [, ca] = await recordedAnswers(issued.certificate);
    assert.ok(ca);
    for (const [source, defects] of [
      ['ocsp', ocspDefects],
      ['crl', crlDefects],
    ] as const) {
      for (const [name, defect] of Object.entries(defects)) {
        const service = revocationService(testPki, issued.certificate);
        service[source]['eid-q'] = defect as never;
        const person = await recordedAnswer(service, issued.certificate, source);
        const found = await codeOf(verifiedReceipt(given, {}, [person, ca]));
        assert.equal(found, 'revocation_unavailable', `${source}: ${name}`);
      }
    }
  });

  it('fixes the time of the login: no other time is accepted for it', async () => {
    const answers = await recordedAnswers(issued.certificate);
    for (const [minutes, expected] of [
      [0, 'genuine'],
      [5, 'genuine'],
      [10, 'revocation_unavailable'],
      [-10, 'revocation_unavailable'],
    ] as const) {
      assert.equal(
        await codeOf(verifiedReceipt(given, { at: at(minutes) }, answers)),
        expected,
        String(minutes),
      );
    }
  });

  it('about a CA may be an hour older than the login, as a login accepts it, and no more', async () => {
    const answers = await recordedAnswers(issued.certificate);
    for (const [minutes, expected] of [
      [59, 'genuine'],
      [90, 'revocation_unavailable'],
    ] as const) {
      const [person, ca] = answers;
      assert.ok(person?.source === 'ocsp' && ca?.source === 'ocsp');
      const earlier = await recordedAnswers(
        issued.certificate,
        undefined,
        {},
        { ...testPki, now: at(-minutes) },
      );
      const caBefore = earlier[1];
      assert.ok(caBefore);
      assert.equal(await codeOf(verifiedReceipt(given, {}, [person, caBefore])), expected, String(minutes));
    }
  });

  it('by a list that is too long for the receipt counts with that list, and no other', async () => {
    const revoked = derValue(
      0x30,
      Buffer.concat([derValue(0x02, Buffer.of(1)), derValue(0x17, Buffer.from('250101000000Z'))]),
    );
    const entries = Buffer.concat(Array.from({ length: 3_500 }, () => revoked));
    const long = (service: RevocationService) => {
      service.crl['eid-q'] = (pki) => withEntries(crlTemplate(pki, pki.issuing), entries);
    };
    const answers = await recordedAnswers(issued.certificate, long, { person: 'crl' });
    const [person] = answers;
    assert.ok(person?.source === 'crl' && person.list.length > 64 * 1024, 'the list is long');
    const other = await recordedAnswers(issued.certificate, undefined, { person: 'crl' });
    const lists = other.flatMap((each) => (each.source === 'crl' ? [each.list] : []));
    assert.equal(await codeOf(verifiedReceipt(given, {}, answers)), 'revocation_unavailable');
    assert.equal(await codeOf(verifiedReceipt(given, { lists }, answers)), 'revocation_unavailable');
    assert.equal(
      await codeOf(verifiedReceipt(given, { lists: [...lists, person.list] }, answers)),
      'genuine',
    );
  });
});

function isJson(body: string | undefined): boolean {
  if (body === undefined) return true;
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

/** The trust store of a defect may be refused before the receipt is read. */
async function contextual<T>(verifying: () => Promise<T>): Promise<T> {
  try {
    return await verifying();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.name === 'PkiError') {
      throw new VerificationError(error.code as never, error.message);
    }
    throw error;
  }
}

/** A callback that is longer than any receipt has. */
function unrepresentable(given: object): string[] {
  return JSON.stringify(given).length > 60_000 ? ['receipt_malformed'] : [];
}
