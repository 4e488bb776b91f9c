import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { exchange } from '../../support/authentication-responses.ts';
import type { AuthenticationOptions } from '../../support/certificates.ts';
import { refusal } from './refusal.ts';

const SMART_ID = '1.3.6.1.4.1.62306.5.7.0';
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const { digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment } = KeyUsageFlags;
const OLDER = digitalSignature | keyEncipherment | dataEncipherment;

describe('a certificate’s purpose', () => {
  it('may be one of several', async () => {
    const extendedKeyUsage = [CLIENT_AUTHENTICATION, SMART_ID];
    assert.equal(await refusal(exchange({ certificate: { extendedKeyUsage } })), 'accepted');
  });

  const wrong: Record<string, AuthenticationOptions> = {
    'nonRepudiation alone': { keyUsage: nonRepudiation, extendedKeyUsage: [SMART_ID] },
    'nonRepudiation besides': { keyUsage: digitalSignature | nonRepudiation },
    'nonRepudiation besides, older': { generation: 'older', keyUsage: OLDER | nonRepudiation },
    'no digitalSignature': { generation: 'older', keyUsage: keyEncipherment | dataEncipherment },
    'the key usage of one generation, the purpose of the other': { keyUsage: OLDER },
    'the purpose of one generation, the key usage of the other': {
      generation: 'older',
      keyUsage: digitalSignature,
    },
    'no purpose stated': { extendedKeyUsage: [] },
    'any purpose': { extendedKeyUsage: ['2.5.29.37.0'] },
  };
  for (const [title, certificate] of Object.entries(wrong)) {
    it(`is wrong with ${title}`, async () => {
      assert.equal(await refusal(exchange({ certificate })), 'certificate_purpose_wrong');
    });
  }
});
