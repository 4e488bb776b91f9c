/**
 * The fingerprints of Smart-ID's CAs. They classify the CA certificates that the operator provides. Sild does not
 * contain the certificates: `sild trust fetch` downloads them from SK and accepts only those with a fingerprint of this
 * list, so the download source need not be trusted.
 *
 * Source: SK's certificate pages. The addresses are those of these pages and of caIssuers in SK's certificates.
 */

import type { CertificateLevel } from '../identity/certificate-level.ts';

/** The services that SK runs. They share no CA. */
export type SmartIdService = 'demo' | 'live';

export type KnownAuthority = KnownIssuingAuthority | KnownRootAuthority;

/** Signs end-entity certificates, of one level. */
interface KnownIssuingAuthority extends PublishedAuthority {
  readonly kind: 'issuing';
  readonly level: CertificateLevel;
}

/** Signs certificates of issuing CAs. */
interface KnownRootAuthority extends PublishedAuthority {
  readonly kind: 'root';
}

interface PublishedAuthority {
  /** Common name (CN) of the subject. */
  readonly name: string;
  /** SHA-256 of the DER, upper-case hexadecimal. */
  readonly fingerprint: string;
  /** URLs of the certificate as DER or PEM, tried in this order. */
  readonly addresses: readonly string[];
}

export type KnownAuthorities = Readonly<Record<SmartIdService, readonly KnownAuthority[]>>;

const FILES = 'https://www.skidsolutions.eu/upload/files';
const OLD_FILES = 'https://www.sk.ee/upload/files';

export const KNOWN_AUTHORITIES: KnownAuthorities = {
  live: [
    {
      name: 'SK ID Solutions EID-Q 2024E',
      kind: 'issuing',
      level: 'QUALIFIED',
      fingerprint: '95C4E7E2B5C2617E877442F4276146F8895CEE8BAA33340EFA03E45A66D62D25',
      addresses: ['https://c.sk.ee/EID_Q_2024E.der.crt', 'https://c.sk.ee/EID_Q_2024E.pem.crt'],
    },
    {
      name: 'SK ID Solutions EID-Q 2024R',
      kind: 'issuing',
      level: 'QUALIFIED',
      fingerprint: 'C66244D29CF8033B1D4A6F16D8B0F9DB7B27CDABCE5AD0C05EFF70EDA1257235',
      addresses: ['https://c.sk.ee/EID_Q_2024R.der.crt', 'https://c.sk.ee/EID_Q_2024R.pem.crt'],
    },
    {
      name: 'SK ID Solutions EID-NQ 2021E',
      kind: 'issuing',
      level: 'ADVANCED',
      fingerprint: '925CD662B3CAF6C67E5481B34A7F89079FFC3587E74D2365342C1A67F30DD478',
      addresses: ['https://c.sk.ee/EID_NQ_2021E.der.crt', 'https://c.sk.ee/EID_NQ_2021E.pem.crt'],
    },
    {
      name: 'SK ID Solutions EID-NQ 2021R',
      kind: 'issuing',
      level: 'ADVANCED',
      fingerprint: '90A1217AEFD8B635CAAF132DCC3D76A10D6D1001521B161A25266984E8AF34EB',
      addresses: ['https://c.sk.ee/EID_NQ_2021R.der.crt', 'https://c.sk.ee/EID_NQ_2021R.pem.crt'],
    },
    {
      name: 'EID-SK 2016',
      kind: 'issuing',
      level: 'QUALIFIED',
      fingerprint: 'E73F1F19A4459A6067A45E84DB585D6C1DF8F12A739D733F5B28996546F1875A',
      addresses: [`${FILES}/EID-SK_2016.pem.crt`, `${OLD_FILES}/EID-SK_2016.der.crt`],
    },
    {
      name: 'NQ-SK 2016',
      kind: 'issuing',
      level: 'ADVANCED',
      fingerprint: 'B5CFE6B0B2AA861A0B367C0C05395A538AD493A9DF011544A8EFC4687FDB2CC8',
      addresses: [`${FILES}/NQ-SK_2016.pem.crt`, `${OLD_FILES}/NQ-SK_2016.pem.crt`],
    },
    {
      name: 'SK ID Solutions ROOT G1E',
      kind: 'root',
      fingerprint: 'A272DE102A8038F7E100EACFB6DB1C930D3CB9F51D76B218DE3A4A433BCFD182',
      addresses: ['https://c.sk.ee/SK_ID_Solutions_ROOT_G1E.der.crt'],
    },
    {
      name: 'SK ID Solutions ROOT G1R',
      kind: 'root',
      fingerprint: 'D012DA1A62193928C5B4D89D2A72495B1F77EA5D54F23956BC1DF2F75528FEFB',
      addresses: ['https://c.sk.ee/SK_ID_Solutions_ROOT_G1R.der.crt'],
    },
    {
      name: 'EE Certification Centre Root CA',
      kind: 'root',
      fingerprint: '3E84BA4342908516E77573C0992F0979CA084E4685681FF195CCBA8A229B8A76',
      addresses: [
        `${FILES}/EE_Certification_Centre_Root_CA.pem.crt`,
        `${OLD_FILES}/EE_Certification_Centre_Root_CA.pem.crt`,
      ],
    },
  ],
  demo: [
    {
      name: 'TEST of SK ID Solutions EID-Q 2024E',
      kind: 'issuing',
      level: 'QUALIFIED',
      fingerprint: '063A4E908785A2B45FBA27A22D45D9F2BBAA9A382E5B103E1D1036832CEE6AC2',
      addresses: [
        'https://c.sk.ee/TEST_EID-Q_2024E.der.crt',
        'https://c.sk.ee/TEST_of_SK_ID_Solutions_EID-Q_2024E.pem.crt',
      ],
    },
    {
      name: 'TEST of SK ID Solutions EID-NQ 2021E',
      kind: 'issuing',
      level: 'ADVANCED',
      fingerprint: '1EDB56BF2B6314EB26D24744542795D17CE7874B3A70C80189E35741ADC4FAF2',
      addresses: ['https://c.sk.ee/TEST_EID-NQ_2021E.der.crt', `${FILES}/TEST_EID-NQ_2021E.pem.crt`],
    },
    {
      name: 'TEST of SK ID Solutions EID-Q 2024R',
      kind: 'issuing',
      level: 'QUALIFIED',
      fingerprint: '913D3009B08E7CA3095F6732F38397B3132EB77F9905CF2C0DE82C780CCB64DF',
      addresses: ['https://c.sk.ee/TEST_EID-Q_2024R.der.crt', `${FILES}/TEST_EID-Q_2024R.pem.crt`],
    },
    {
      name: 'TEST of SK ID Solutions EID-NQ 2021R',
      kind: 'issuing',
      level: 'ADVANCED',
      fingerprint: 'EE3767DD291CEE3F4EE91461A1BF14F414778599A01A5BBC6F9EC107E68A5A5A',
      addresses: ['https://c.sk.ee/TEST_EID-NQ_2021R.der.crt', `${FILES}/TEST_EID-NQ_2021R.pem.crt`],
    },
    {
      name: 'TEST of EID-SK 2016',
      kind: 'issuing',
      level: 'QUALIFIED',
      fingerprint: '4F7E0BFDBBF45E2D06A971F903B3C017FDCB53138EC5D46E26C81B973DCEEADE',
      addresses: [`${FILES}/TEST_of_EID-SK_2016.pem.crt`, `${OLD_FILES}/TEST_of_EID-SK_2016.pem.crt`],
    },
    {
      name: 'TEST of NQ-SK 2016',
      kind: 'issuing',
      level: 'ADVANCED',
      fingerprint: '9E34D4E8A32E1947BF1DA9D2CB7964FC9288B254CFB20AE6457A48AC17C09BC1',
      addresses: [`${FILES}/TEST_of_NQ-SK_2016.pem.crt`, `${OLD_FILES}/TEST_of_NQ-SK_2016.pem.crt`],
    },
    {
      name: 'TEST of SK ID Solutions ROOT G1E',
      kind: 'root',
      fingerprint: '84242DD8E1A1878F76FF2B5CA0C8EF22C8A8863CF072E56A9F0DC28ADD96B143',
      addresses: ['https://c.sk.ee/TEST_SK_ROOT_G1_2021E.der.crt', `${FILES}/TEST_SK_ROOT_G1_2021E.pem.crt`],
    },
    {
      name: 'TEST of SK ID Solutions ROOT G1R',
      kind: 'root',
      fingerprint: '97290DFB07895A3501A5E5564A0DD4D89CD6A9FDED5BAE7FF6E0E747002E23C9',
      addresses: ['https://c.sk.ee/TEST_SK_ROOT_G1_2021R.der.crt', `${FILES}/TEST_SK_ROOT_G1_2021R.pem.crt`],
    },
    {
      name: 'TEST of EE Certification Centre Root CA',
      kind: 'root',
      fingerprint: '8740698FA393E60179E94A18795EA7DBA3D081FDC15479A78FC561B42DA2C70D',
      addresses: [
        `${FILES}/TEST_of_EE_Certification_Centre_Root_CA.pem.crt`,
        `${OLD_FILES}/TEST_of_EE_Certification_Centre_Root_CA.pem.crt`,
      ],
    },
  ],
};

/** The level of the certificates that a known issuing CA signs. @param fingerprint SHA-256, upper-case hexadecimal */
export function levelOfKnownAuthority(fingerprint: string): CertificateLevel | undefined {
  const known = [...KNOWN_AUTHORITIES.live, ...KNOWN_AUTHORITIES.demo].find(
    (authority) => authority.fingerprint === fingerprint,
  );
  return known?.kind === 'issuing' ? known.level : undefined;
}
