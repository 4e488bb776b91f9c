import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate,
  GeneralName,
  type GeneralName as AlternativeName,
  RelativeDistinguishedName,
} from '@peculiar/asn1-x509';
import { type SubjectMember, subjectMatches } from '../../../src/oidc/mtls/subject-matches.ts';
import { clientCertificate } from '../../support/certificates/client-certificates.ts';

const [C, O, CN] = ['2.5.4.6', '2.5.4.10', '2.5.4.3'];

interface Case {
  readonly name: AlternativeName;
  readonly matches: readonly string[];
  readonly differs: readonly string[];
}

const ALTERNATIVES = {
  tls_client_auth_san_dns: {
    name: new GeneralName({ dNSName: 'a.example.ee' }),
    matches: ['a.example.ee', 'A.example.EE'],
    differs: ['example.ee', 'b.example.ee', '*.example.ee'],
  },
  tls_client_auth_san_uri: {
    name: new GeneralName({ uniformResourceIdentifier: 'urn:a:client' }),
    matches: ['urn:a:client'],
    differs: ['urn:a:Client', 'urn:a', 'urn:a:client2'],
  },
  tls_client_auth_san_email: {
    name: new GeneralName({ rfc822Name: 'a@example.ee' }),
    matches: ['a@example.ee'],
    differs: ['A@example.ee', 'b@example.ee', 'example.ee'],
  },
  tls_client_auth_san_ip: {
    name: new GeneralName({ iPAddress: '10.0.3.7' }),
    matches: ['10.0.3.7'],
    differs: ['10.0.3.70', '10.0.3.8', '::ffff:10.0.3.7', '10.0.3', '2001:db8::7'],
  },
} satisfies Readonly<Record<Exclude<SubjectMember, 'tls_client_auth_subject_dn'>, Case>>;

const MEMBERS = [...(Object.keys(ALTERNATIVES) as SubjectMember[]), 'tls_client_auth_subject_dn'] as const;

describe('an alternative name of a client', () => {
  for (const [key, { name, matches, differs }] of Object.entries<Case>(ALTERNATIVES)) {
    const member = key as SubjectMember;
    const { certificate } = clientCertificate(undefined, { alternatives: [name] });

    it(`is compared exactly: ${member}`, () => {
      for (const expected of matches) assert.equal(subjectMatches(certificate, member, expected), true);
      for (const expected of differs)
        assert.equal(subjectMatches(certificate, member, expected), false, expected);
    });

    it(`is of one kind: ${member}`, () => {
      for (const other of MEMBERS.filter((each) => each !== member))
        for (const expected of matches)
          assert.equal(subjectMatches(certificate, other, expected), false, other);
    });
  }

  it('is an IPv6 address in any notation', () => {
    const alternatives = [new GeneralName({ iPAddress: '2001:db8::7' })];
    const { certificate } = clientCertificate(undefined, { alternatives });
    for (const [expected, isSame] of [
      ['2001:db8::7', true],
      ['2001:0DB8:0:0:0:0:0:7', true],
      ['2001:db8::8', false],
      ['10.0.3.7', false],
    ] as const)
      assert.equal(subjectMatches(certificate, 'tls_client_auth_san_ip', expected), isSame, expected);
  });

  it('is one of several, and there may be none', () => {
    const alternatives = Object.values(ALTERNATIVES).map(({ name }) => name);
    const { certificate } = clientCertificate(undefined, { alternatives });
    assert.equal(subjectMatches(certificate, 'tls_client_auth_san_email', 'a@example.ee'), true);
    const without = clientCertificate(undefined).certificate;
    for (const member of MEMBERS) assert.equal(subjectMatches(without, member, 'client'), false);
  });
});

describe('the distinguished name of a client', () => {
  const isNamed = (certificate: X509Certificate, expected: string) =>
    subjectMatches(certificate, 'tls_client_auth_subject_dn', expected);
  const example: [string, string][] = [
    [C, 'EE'],
    [O, 'Example'],
    [CN, 'client'],
  ];

  it('has each value in its attribute', () => {
    const swapped: [string, string][] = [
      [C, 'EE'],
      [CN, 'Example'],
      [O, 'client'],
    ];
    for (const [subject, isSame] of [
      [example, true],
      [swapped, false],
    ] as const) {
      const { certificate } = clientCertificate(undefined, { subject });
      assert.equal(isNamed(certificate, 'CN=client,O=Example,C=EE'), isSame);
      assert.equal(isNamed(certificate, 'O=client,CN=Example,C=EE'), !isSame);
    }
  });

  it('is compared exactly, and as a whole', () => {
    const { certificate } = clientCertificate(undefined, { subject: example });
    for (const expected of [
      'CN=client',
      'CN=client,O=Example',
      'O=Example,C=EE',
      'CN=client,O=Example,C=EE,C=EE',
      'C=EE,O=Example,CN=client',
      'CN=Client,O=Example,C=EE',
      'CN=client,O=Example,C=LV',
    ])
      assert.equal(isNamed(certificate, expected), false, expected);
  });

  it('has one attribute at each level: a second one of the same level is not overlooked', () => {
    const parsed = AsnConvert.parse(
      clientCertificate(undefined, { subject: example }).certificate.raw,
      Certificate,
    );
    const [country, organisation, common] = [...parsed.tbsCertificate.subject].map((level) => [...level]);
    assert.ok(country && organisation && common);
    // The signature is not checked here.
    parsed.tbsCertificate.subject.splice(1, 2, new RelativeDistinguishedName([...organisation, ...common]));
    const certificate = new X509Certificate(Buffer.from(AsnConvert.serialize(parsed)));
    assert.match(certificate.subject, /O=Example \+ CN=client/);
    for (const expected of [
      'CN=client,C=EE',
      'O=Example,C=EE',
      'CN=client,O=Example,C=EE',
      'CN=client+O=Example,C=EE',
    ])
      assert.equal(isNamed(certificate, expected), false, expected);
  });
});
