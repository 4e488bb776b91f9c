/**
 * Data of another implementation: a CA, two certificates, OCSP responses and a revocation list, produced once with OpenSSL 3.0
 * (openssl ca, openssl ocsp). The test factory encodes with the library with which Sild decodes, so it could repeat an error of
 * that library; these data cannot.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { isListed, verifyCrl } from '../../../src/pki/revocation/crl/crl.ts';
import { encodeOcspRequest } from '../../../src/pki/revocation/ocsp-request.ts';
import { verifyOcspResponse } from '../../../src/pki/revocation/ocsp-response.ts';

const BASE64 = {
  ca:
    'MIIBojCCASmgAwIBAgIUfX4oMUHmkS/y4V11iVQNWlU5rMowCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGTGFiIENBMB4XDTI2' +
    'MTEyNDIwMjM0MVoXDTM2MTEyMTIwMjM0MVowETEPMA0GA1UEAwwGTGFiIENBMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEw1Wx' +
    'C2UjuAalQB95Q+DAW620zADlG8Z0jPW1KpRrKagUzR18JxQZEg4espd7vORuDhpMLtqaDAAlFS8T0m8KBKsvxRsePxAmTjc/' +
    'T2F0xFAJOVQKDG+45oxREsyyKfWGo0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUvWaI' +
    'y3kK8ZfBGQE3JlvAu+Ksee0wCgYIKoZIzj0EAwIDZwAwZAIwag5e6Ers8lxVmBzhm9Y+84zrsdzWv2BWLmW1F+1JdF2okhXl' +
    'rukGa0Gu2s3ehZPlAjAo30KEpY7HOryQQTOvs+w21ELNfLOH5gXETqlasWZ2FA8qc1S0JDObSb9PkgMObgA=',
  certificate:
    'MIICAjCCAYmgAwIBAgIURz4Nd1sLYbuoQ71+ZV/b6i3xYs0wCgYIKoZIzj0EAwMwETEPMA0GA1UEAwwGTGFiIENBMB4XDTI2' +
    'MTEyNDIwMjM0MVoXDTI3MTEyNDIwMjM0MVowDzENMAsGA1UEAwwEZ29vZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHis' +
    'if7wNr2B8iVc+5kkEi8uX/4C58GDIyOxdZOKEgrXqN8pQ8DSO+OczlW6/tLlrYZoj8f1fG1yMGLXznE7wp6jgcAwgb0wCQYD' +
    'VR0TBAIwADAOBgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFI9LWgYltp1K+ghGDPdAc/W4S2XAMB8GA1UdIwQYMBaAFL1miMt5' +
    'CvGXwRkBNyZbwLvirHntMDIGCCsGAQUFBwEBBCYwJDAiBggrBgEFBQcwAYYWaHR0cDovLzEyNy4wLjAuMTo4ODg4LzAsBgNV' +
    'HR8EJTAjMCGgH6AdhhtodHRwOi8vMTI3LjAuMC4xOjg4ODgveC5jcmwwCgYIKoZIzj0EAwMDZwAwZAIwM7+aXsb7xKtOCOV0' +
    '8bX/RijXSe11QUO+sIcyX/6MxIOiOlfD4XAmuhZXR4AvC45uAjBxdjRBHv99WiUGf9ZrfCGceSX6EH4GAUZVqYIy4Rht65Pj' +
    'UJLz2Bp9XtEX97pnQOo=',
  revoked:
    'MIICAzCCAYigAwIBAgIUXfujRFcd19qMw0cgAjzailO6gRgwCgYIKoZIzj0EAwMwETEPMA0GA1UEAwwGTGFiIENBMB4XDTI2' +
    'MTEyNDIwMjM0MVoXDTI3MTEyNDIwMjM0MVowDjEMMAoGA1UEAwwDYmFkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMRcQ' +
    'P6eobi6ESfN8M5niUAlO8G/IDfigtWboss0OZSR3eH7krhLtEN7gNpHZAukUYVD/CQKUjvNoUDhsPZh1CqOBwDCBvTAJBgNV' +
    'HRMEAjAAMA4GA1UdDwEB/wQEAwIHgDAdBgNVHQ4EFgQUWh8GT356OnQJQNmbGhBJtfK0xvUwHwYDVR0jBBgwFoAUvWaIy3kK' +
    '8ZfBGQE3JlvAu+Ksee0wMgYIKwYBBQUHAQEEJjAkMCIGCCsGAQUFBzABhhZodHRwOi8vMTI3LjAuMC4xOjg4ODgvMCwGA1Ud' +
    'HwQlMCMwIaAfoB2GG2h0dHA6Ly8xMjcuMC4wLjE6ODg4OC94LmNybDAKBggqhkjOPQQDAwNpADBmAjEA+R6iLN3J0WiFhsD9' +
    'LFMDcQUi4cLei97cSXWS5CCqHicn+OEWuFlZqwOIqhrDDMWIAjEAgOi0KLkwTJdW2pQbUBTy2rta6xukEW8NkEjvrJn24Xcl' +
    'CgfWbbM3sgEcWQ38clih',
  request:
    'MHoweDBRME8wTTAJBgUrDgMCGgUABBRCgeYRplXu3JcyXBZS1gDI1ZBTagQUvWaIy3kK8ZfBGQE3JlvAu+Ksee0CFEc+DXdb' +
    'C2G7qEO9fmVf2+ot8WLNoiMwITAfBgkrBgEFBQcwAQIEEgQQTiPcM62wsQgJdmw9Cf60ng==',
  delegated:
    'MIIEfQoBAKCCBHYwggRyBgkrBgEFBQcwAQEEggRjMIIEXzCBoqEWMBQxEjAQBgNVBAMMCXJlc3BvbmRlchgPMjAyNjExMjQy' +
    'MDIzNDFaMHcwdTBNMAkGBSsOAwIaBQAEFEKB5hGmVe7clzJcFlLWAMjVkFNqBBS9ZojLeQrxl8EZATcmW8C74qx57QIURz4N' +
    'd1sLYbuoQ71+ZV/b6i3xYs2AABgPMjAyNjExMjQyMDIzNDFaoBEYDzIwMjYxMTI1MjAyMzQxWjANBgkqhkiG9w0BAQsFAAOC' +
    'AQEAeHUEpxNF/Vmr49RehXf4xqip1FLq2lbDqAdqzkjITwpvii9o9/zS9t4rbyN/brJJ9h4UKhUrThxiQZEXoJhiJwj1x7aI' +
    'yjDx43yN+ixLS6cT8H0ssiz6nY9Gk0b19bm9zOWdHIRQK49J322j3sNgUQbjMFS9kOKHXzR9x0yAJwFo8GEQPRP7AD/UQk8u' +
    'CS96fNf/giRHUp8QlXNSIDsnEYy7LmCT+gVQIN7yYofIDgS237pEZNnCLYDRgw5nIcoV1bQ/LeGF8QsEccpKSBfEtSDBjmf6' +
    'wSZ43JFNZwdab4Kvy/ZqBo8AOAZnRm9+QsjnAsQM7miqHLNAiTg5f/+T+aCCAqIwggKeMIICmjCCAiCgAwIBAgIUFem6KiQZ' +
    'Vt7c09I8+2PpEGConI8wCgYIKoZIzj0EAwMwETEPMA0GA1UEAwwGTGFiIENBMB4XDTI2MTEyNDIwMjM0MVoXDTI3MTEyNDIw' +
    'MjM0MVowFDESMBAGA1UEAwwJcmVzcG9uZGVyMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAukWPu6gF64w1VGrm' +
    '2sFVQmrv3AtkFRdBqalenIhTMTxp5F4X3Mub42UEkSxTi2/IaBdYZhXju7+gtPQHLcvTQ4vERWgO3qwlo/aJmFYmGGdLeKO1' +
    'j8ZRy8WAxZXJpjAqCDZX5sCaRvThkk3HDQiiUxS/RB7cP4w43rFkoRfn3i/GqA/R9y4Z+MS8VInhBZ8Zp2N9PS0XOMIRdkF9' +
    '0fzs1XhuPzHrHV/C6ooy4RQdBsYznotE6s9xRvaqW5OZAabrL4HJy12qxvMhTgpCtQa9hPo8ecSiWP0vcvwwIYm4u1vBRjfI' +
    'WboJX3NgywHXtdJeLxlnPrXVzpqKrhN5e04nwwIDAQABo4GHMIGEMAkGA1UdEwQCMAAwDgYDVR0PAQH/BAQDAgeAMBYGA1Ud' +
    'JQEB/wQMMAoGCCsGAQUFBwMJMA8GCSsGAQUFBzABBQQCBQAwHQYDVR0OBBYEFAVSVEDw0pSbrHEbNFiGu9DrEAZqMB8GA1Ud' +
    'IwQYMBaAFL1miMt5CvGXwRkBNyZbwLvirHntMAoGCCqGSM49BAMDA2gAMGUCMB4fFsKWhGyvqHFd7pA9iv/Yxqpr633Kmluy' +
    'oUnSLXXsbkZshol33p+AMJROGzWXCQIxAPmuuBEU/YB8daN8QdtKS9Xu0kQKqPIPfX8Xq9oHwJDlQNkIeeWBvBZ139q7ZOEg' +
    'Tg==',
  revokedDirect:
    'MIIBkgoBAKCCAYswggGHBgkrBgEFBQcwAQEEggF4MIIBdDCB+6IWBBS9ZojLeQrxl8EZATcmW8C74qx57RgPMjAyNjExMjQy' +
    'MDIzNDJaMIGqMIGnMGkwDQYJYIZIAWUDBAIBBQAEIBiKknLuDAV1fugiG3eCoEvR6SERkMppHaYlIVZDYyINBCB2degB5eZH' +
    'CANETsJhBSSbsY4iJ69AoEl3dqoUUZCF+wIUXfujRFcd19qMw0cgAjzailO6gRihFhgPMjAyNjExMjQyMDIzNDFaoAMKAQEY' +
    'DzIwMjYxMTI0MjAyMzQyWqARGA8yMDI2MTEyNTIwMjM0MlqhIzAhMB8GCSsGAQUFBzABAgQSBBBCUzjkAZB7gJd77vMZWOtu' +
    'MAoGCCqGSM49BAMCA2gAMGUCMFLpCI3FXnMJ4Iuqlil+dX9VFNrPwX5d4nFkXiUkND0ze/drfUiSpftSmXFt+eqTQwIxANuj' +
    'w1Ix4dtDsI0uaz1zeguw7Wk4RybY26n6VzJRvca50/tyzIQgNMVawb6X6A5idA==',
  revokedRequest:
    'MIGXMIGUMG0wazBpMA0GCWCGSAFlAwQCAQUABCAYipJy7gwFdX7oIht3gqBL0ekhEZDKaR2mJSFWQ2MiDQQgdnXoAeXmRwgD' +
    'RE7CYQUkm7GOIievQKBJd3aqFFGQhfsCFF37o0RXHdfajMNHIAI82opTuoEYoiMwITAfBgkrBgEFBQcwAQIEEgQQQlM45AGQ' +
    'e4CXe+7zGVjrbg==',
  goodDirect:
    'MIIBXgoBAKCCAVcwggFTBgkrBgEFBQcwAQEEggFEMIIBQDCBx6IWBBS9ZojLeQrxl8EZATcmW8C74qx57RgPMjAyNjExMjQy' +
    'MDIzNDFaMHcwdTBNMAkGBSsOAwIaBQAEFEKB5hGmVe7clzJcFlLWAMjVkFNqBBS9ZojLeQrxl8EZATcmW8C74qx57QIURz4N' +
    'd1sLYbuoQ71+ZV/b6i3xYs2AABgPMjAyNjExMjQyMDIzNDFaoBEYDzIwMjYxMTI1MjAyMzQxWqEjMCEwHwYJKwYBBQUHMAEC' +
    'BBIEEE4j3DOtsLEICXZsPQn+tJ4wCgYIKoZIzj0EAwIDaAAwZQIxAMW8i4iFXJtJl5QzmE2CYcCGSI4PEkt1Cj4qD76WFoJJ' +
    'SlhV3snCHcKfVO6xKtFgiwIwCUg0KtzSCs/oXwB5NBNn1bg7Dh96+TJtPr2tdURnXroINcxLrGEov91EtEqMXRSS',
  crl:
    'MIIBIjCBqQIBATAKBggqhkjOPQQDAzARMQ8wDQYDVQQDDAZMYWIgQ0EXDTI2MTEyNDIwMjM0MVoXDTI2MTIyNDIwMjM0MVow' +
    'NTAzAhRd+6NEVx3X2ozDRyACPNqKU7qBGBcNMjYxMTI0MjAyMzQxWjAMMAoGA1UdFQQDCgEBoDAwLjAfBgNVHSMEGDAWgBS9' +
    'ZojLeQrxl8EZATcmW8C74qx57TALBgNVHRQEBAICEAAwCgYIKoZIzj0EAwMDaAAwZQIwC9Hrp2/G8ATaT1TE39d3FNI1ic2P' +
    'QZIT8s56v+bxu656HVJv01AUt1KZgfNQVMtiAjEAv9pB1IO0Jlt4CpNPlN/R20R9lZZZQd8ZlHsQ2vI3qmUnWQ5SlKn0ltPf' +
    'vZL7WgY4',
};

const der = (name: keyof typeof BASE64) => Buffer.from(BASE64[name], 'base64');
const AT = new Date('2026-11-24T20:24:00Z');
const issuer = parseCertificate(der('ca'));
const [certificate, revoked] = [parseCertificate(der('certificate')), parseCertificate(der('revoked'))];

/** OpenSSL's nonces have 16 bytes, at the end of its requests. */
const nonceIn = (request: keyof typeof BASE64) => der(request).subarray(-16);

describe('data that OpenSSL produced', () => {
  it('includes a request identical to Sild’s', () => {
    const request = encodeOcspRequest({ certificate, issuer, nonce: nonceIn('request') });
    assert.deepEqual(Buffer.from(request), der('request'));
  });

  it('includes a response of a responder that is identified by name', () => {
    const question = { certificate, issuer, nonce: Buffer.alloc(32) };
    assert.equal(verifyOcspResponse(der('delegated'), question, AT).status, 'good');
  });

  it('includes a response of the CA that is identified by key, with the nonce', () => {
    const question = { certificate, issuer, nonce: nonceIn('request') };
    assert.equal(verifyOcspResponse(der('goodDirect'), question, AT).status, 'good');
    assert.throws(() => verifyOcspResponse(der('goodDirect'), { ...question, nonce: Buffer.alloc(16) }, AT), {
      code: 'ocsp_nonce_mismatch',
    });
  });

  it('includes a response with the status revoked, with SHA-256', () => {
    const question = { certificate: revoked, issuer, nonce: nonceIn('revokedRequest') };
    assert.equal(verifyOcspResponse(der('revokedDirect'), question, AT).status, 'revoked');
    assert.throws(() => verifyOcspResponse(der('revokedDirect'), { ...question, certificate }, AT), {
      code: 'ocsp_other_certificate',
    });
  });

  it('includes a revocation list', () => {
    const crl = verifyCrl(der('crl'), issuer, AT);
    assert.equal(isListed(crl, revoked), true);
    assert.equal(isListed(crl, certificate), false);
  });
});
