import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Client, errors } from 'oidc-provider';
import { requireFapiAssertion, requireFapiRequestObject } from '../../../src/oidc/fapi/fapi-requests.ts';

const ISSUER = 'https://login.example.ee';
const NOW = 1_900_000_000;
const bank = { clientId: 'bank', profile: 'fapi2' } as unknown as Client;
const other = { clientId: 'other' } as unknown as Client;

type Claims = Readonly<Record<string, unknown>>;

const assertion = (claims: Claims, alg = 'ES256', client = bank) => {
  requireFapiAssertion(ISSUER, () => NOW * 1000, { aud: ISSUER, iat: NOW, ...claims }, { alg }, client);
};
const requestObject = (claims: Claims, alg = 'ES256', client = bank) => {
  requireFapiRequestObject({ aud: ISSUER, nbf: NOW, exp: NOW + 300, ...claims }, { alg }, client);
};

describe('an assertion of the profile fapi2', () => {
  it('may be a minute ahead, and no more', () => {
    for (const claims of [{}, { iat: NOW + 60 }, { nbf: NOW + 60 }, { iat: undefined }]) assertion(claims);
    for (const claims of [{ iat: NOW + 61 }, { nbf: NOW + 61 }])
      assert.throws(() => {
        assertion(claims);
      }, errors.InvalidClientAuth);
  });

  it('is for the issuer alone, with an algorithm of the profile', () => {
    for (const aud of [undefined, [ISSUER], [ISSUER, 'https://other.example'], `${ISSUER}/token`])
      assert.throws(() => {
        assertion({ aud });
      }, errors.InvalidClientAuth);
    for (const alg of ['PS256', 'ES256', 'EdDSA']) assertion({}, alg);
    for (const alg of ['RS256', 'HS256', 'none'])
      assert.throws(() => {
        assertion({}, alg);
      }, errors.InvalidClientAuth);
  });

  it('is not demanded of other clients', () => {
    assertion({ aud: [ISSUER], iat: NOW + 600 }, 'RS256', other);
  });
});

describe('a request object of the profile fapi2', () => {
  it('has an audience, and is valid for an hour at most', () => {
    for (const claims of [{}, { exp: NOW + 3_600 }, { exp: NOW + 1 }]) requestObject(claims);
    for (const claims of [
      { aud: undefined },
      { nbf: undefined },
      { exp: undefined },
      { exp: NOW },
      { exp: NOW - 1 },
      { exp: NOW + 3_601 },
      { exp: String(NOW + 300) },
    ])
      assert.throws(
        () => {
          requestObject(claims);
        },
        errors.InvalidRequestObject,
        JSON.stringify(claims),
      );
  });

  it('has an algorithm of the profile; parameters that were pushed unsigned have none', () => {
    for (const alg of ['PS256', 'ES256', 'EdDSA']) requestObject({}, alg);
    for (const alg of ['RS256', 'HS256'])
      assert.throws(() => {
        requestObject({}, alg);
      }, errors.InvalidRequestObject);
    requestObject({ aud: undefined, nbf: undefined }, 'none');
  });

  it('is not demanded of other clients', () => {
    requestObject({ aud: undefined, exp: NOW + 86_400 }, 'RS256', other);
  });
});
