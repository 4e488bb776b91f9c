/** The metadata that name the subject of a client's certificate, as a file, an option or the registration has them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientSchema } from '../../../src/oidc/clients/client-schema.ts';
import { REDIRECT_URI } from '../../support/oidc-bridge.ts';

const NAMES: Readonly<
  Record<string, { readonly taken: readonly string[]; readonly refused: readonly string[] }>
> = {
  tls_client_auth_subject_dn: {
    taken: ['CN=client,O=Example,C=EE', '2.5.4.3=client'],
    refused: ['', 'client', 'CN=client+O=Example', 'CN='],
  },
  tls_client_auth_san_dns: {
    taken: ['client.example.ee', 'client', 'xn--pnu-rla.ee', 'A.example.ee'],
    refused: ['', 'client.example.ee.', '-client', 'client:443', 'https://client.example.ee', 'a b'],
  },
  tls_client_auth_san_uri: {
    taken: ['urn:example:client', 'https://client.example.ee/'],
    refused: ['', 'client', '/client', 'urn:example: client'],
  },
  tls_client_auth_san_ip: {
    taken: ['10.0.3.7', '2001:db8::7'],
    refused: ['', '10.0.3', '10.0.3.256', '10.0.3.0/24', 'client.example.ee'],
  },
  tls_client_auth_san_email: {
    taken: ['client@example.ee'],
    refused: ['', 'client', '@example.ee', 'client@', 'a client@example.ee', 'a@b@c'],
  },
};

/** The members that are refused. */
function refusedOf(member: string, name: unknown, method = 'tls_client_auth'): readonly unknown[] {
  const client = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: method, [member]: name };
  const issues = clientSchema.safeParse(client).error?.issues ?? [];
  return [...new Set(issues.flatMap(({ path }) => path))];
}

describe('the subject of a client, in its metadata', () => {
  for (const [member, { taken, refused }] of Object.entries(NAMES)) {
    it(`is a name that a certificate can have: ${member}`, () => {
      for (const name of taken) assert.deepEqual(refusedOf(member, name), [], name);
      for (const name of [...refused, 'x'.repeat(1_001), 7, ['a']])
        assert.deepEqual(refusedOf(member, name), [member], String(name).slice(0, 40));
    });

    it(`is for tls_client_auth alone: ${member}`, () => {
      for (const method of ['client_secret_basic', 'private_key_jwt', 'self_signed_tls_client_auth'])
        assert.ok(refusedOf(member, taken[0], method).includes(member), method);
    });
  }
});
