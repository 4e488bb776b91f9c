import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testPki } from '../../support/answers/authentication-responses.ts';
import type { AuthenticationOptions } from '../../support/certificates/certificates.ts';
import { exchangeFor, RESPONSE_FLOWS } from '../../support/defects/defect.ts';
import { issuedUnder, issuedUnderRoot } from '../../support/defects/hierarchy.ts';
import { withRevocationCheck } from '../../support/defects/revocations.ts';
import { refusal } from '../../support/refusal.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const SKEWS = {
  'a day behind': -DAY,
  '5 minutes behind': -5 * MINUTE,
  right: 0,
  '5 minutes ahead': 5 * MINUTE,
  'a day ahead': DAY,
};

/** The actual time, and the time of a clock with an error of `skew` milliseconds. */
const actualTime = testPki.now;
const clock = (skew: number) => new Date(actualTime.getTime() + skew);
const inMinutes = (minutes: number) => clock(minutes * MINUTE);

describe('with a wrong clock, a certificate that is', () => {
  for (const [error, skew] of Object.entries(SKEWS)) {
    it(`in the middle of its validity period is accepted (clock ${error})`, async () => {
      for (const flow of RESPONSE_FLOWS)
        assert.equal(await refusal(exchangeFor(flow), clock(skew)), 'accepted', flow);
    });
  }

  const periods: Record<string, [AuthenticationOptions, Record<keyof typeof SKEWS, string>]> = {
    'valid for a minute': [
      { notBefore: inMinutes(-1) },
      {
        'a day behind': 'certificate_not_yet_valid',
        '5 minutes behind': 'certificate_not_yet_valid',
        right: 'accepted',
        '5 minutes ahead': 'accepted',
        'a day ahead': 'accepted',
      },
    ],
    'valid for a minute more': [
      { notAfter: inMinutes(1) },
      {
        'a day behind': 'accepted',
        '5 minutes behind': 'accepted',
        right: 'accepted',
        '5 minutes ahead': 'certificate_expired',
        'a day ahead': 'certificate_expired',
      },
    ],
    // A clock that is behind extends the validity by exactly its error.
    'expired for four minutes': [
      { notAfter: inMinutes(-4) },
      {
        'a day behind': 'accepted',
        '5 minutes behind': 'accepted',
        right: 'certificate_expired',
        '5 minutes ahead': 'certificate_expired',
        'a day ahead': 'certificate_expired',
      },
    ],
    'expired for six minutes': [
      { notAfter: inMinutes(-6) },
      {
        'a day behind': 'accepted',
        '5 minutes behind': 'certificate_expired',
        right: 'certificate_expired',
        '5 minutes ahead': 'certificate_expired',
        'a day ahead': 'certificate_expired',
      },
    ],
  };
  for (const [title, [period, codes]] of Object.entries(periods)) {
    for (const [error, skew] of Object.entries(SKEWS)) {
      const code = codes[error as keyof typeof SKEWS];
      it(`${title}: ${code} (clock ${error})`, async () => {
        const person = exchangeFor('QR', { certificate: period });
        const issuing = exchangeFor('QR', { issued: issuedUnder(testPki, period) });
        const root = exchangeFor('QR', { issued: issuedUnderRoot(testPki, period) });
        for (const given of [person, issuing, root]) assert.equal(await refusal(given, clock(skew)), code);
      });
    }
  }
});

describe('with a wrong clock and a current OCSP response and CRL', () => {
  const answers = {
    'a day behind': 'revocation_unavailable',
    '5 minutes behind': 'accepted',
    right: 'accepted',
    '5 minutes ahead': 'accepted',
    'a day ahead': 'revocation_unavailable',
  } as const;
  for (const [error, skew] of Object.entries(SKEWS)) {
    const code = answers[error as keyof typeof SKEWS];
    it(`the result is ${code} (clock ${error})`, async () => {
      const given = exchangeFor('QR', withRevocationCheck(undefined, 'required', clock(skew)));
      assert.equal(await refusal(given, clock(skew)), code);
    });

    it(`the result by CRL only is ${code} (clock ${error})`, async () => {
      const silent = withRevocationCheck(
        ({ ocsp }) => {
          ocsp['eid-q'] = 'timed_out';
          ocsp.root = 'timed_out';
        },
        'required',
        clock(skew),
      );
      assert.equal(await refusal(exchangeFor('QR', silent), clock(skew)), code);
    });

    it(`a revoked certificate is refused (clock ${error})`, async () => {
      const revoked = withRevocationCheck(
        ({ ocsp, crl }, certificate) => {
          ocsp['eid-q'] = { status: 'revoked' };
          crl['eid-q'] = { revoked: [certificate] };
        },
        'required',
        clock(skew),
      );
      const refused = await refusal(exchangeFor('QR', revoked), clock(skew));
      assert.equal(refused, code === 'accepted' ? 'certificate_revoked' : code);
    });
  }
});
