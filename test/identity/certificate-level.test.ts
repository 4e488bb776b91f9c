import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isBelow, isCertificateLevel, stricterLevel } from '../../src/identity/certificate-level.ts';

describe('the certificate levels', () => {
  it('are ordered: ADVANCED is below QUALIFIED', () => {
    assert.deepEqual(
      [
        isBelow('ADVANCED', 'QUALIFIED'),
        isBelow('QUALIFIED', 'ADVANCED'),
        isBelow('QUALIFIED', 'QUALIFIED'),
        isBelow('ADVANCED', 'ADVANCED'),
      ],
      [true, false, false, false],
    );
  });

  it('that two sides demand are satisfied by the stricter one, whichever side demands it', () => {
    assert.equal(stricterLevel('ADVANCED', 'QUALIFIED'), 'QUALIFIED');
    assert.equal(stricterLevel('QUALIFIED', 'ADVANCED'), 'QUALIFIED');
    assert.equal(stricterLevel('ADVANCED', 'ADVANCED'), 'ADVANCED');
    assert.equal(stricterLevel('ADVANCED', undefined), 'ADVANCED');
    assert.equal(stricterLevel('QUALIFIED', undefined), 'QUALIFIED');
  });

  it('have no other names', () => {
    assert.deepEqual(['QUALIFIED', 'ADVANCED', 'QSCD', 'qualified', ''].map(isCertificateLevel), [
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
