import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AGE_CLAIMS, ageClaimsOf } from '../../src/identity/age.ts';

/** The ages that a person has reached at a moment. */
function reached(birthdate: string, at: string, identityCountry = 'EE'): readonly string[] {
  const claims = ageClaimsOf({ birthdate, identityCountry }, Date.parse(at) / 1000);
  assert.deepEqual(Object.keys(claims), AGE_CLAIMS);
  return Object.entries(claims).flatMap(([name, is]) => (is ? [name.replace('age_over_', '')] : []));
}

describe('the age of a person', () => {
  it('is left out where the birth date is not known', () => {
    assert.deepEqual(ageClaimsOf({ identityCountry: 'LV' }, 1_700_000_000), {});
  });

  it('is reached with the birthday', () => {
    assert.deepEqual(reached('2000-06-15', '2018-06-14T12:00:00Z'), ['13', '16']);
    assert.deepEqual(reached('2000-06-15', '2018-06-15T12:00:00Z'), ['13', '16', '18']);
    assert.deepEqual(reached('2000-06-15', '2018-12-01T12:00:00Z'), ['13', '16', '18']);
    assert.deepEqual(reached('2000-06-15', '2021-06-15T12:00:00Z'), ['13', '16', '18', '21']);
    assert.deepEqual(reached('1900-06-15', '2026-01-01T12:00:00Z'), ['13', '16', '18', '21', '65']);
    assert.deepEqual(reached('2020-06-15', '2026-01-01T12:00:00Z'), []);
  });

  it('is reached on 1 March by a person born on 29 February, in a year without that day', () => {
    assert.deepEqual(reached('2008-02-29', '2026-02-28T12:00:00Z'), ['13', '16']);
    assert.deepEqual(reached('2008-02-29', '2026-03-01T12:00:00Z'), ['13', '16', '18']);
    assert.deepEqual(reached('2012-02-29', '2028-02-28T12:00:00Z'), ['13']);
    assert.deepEqual(reached('2012-02-29', '2028-02-29T12:00:00Z'), ['13', '16']);
  });

  it('is reached when the day begins in the country of the person, in summer and in winter', () => {
    for (const [country, born, before, after] of [
      ['EE', '2008-07-01', '2026-06-30T20:59:59Z', '2026-06-30T21:00:00Z'],
      ['LV', '2008-07-01', '2026-06-30T20:59:59Z', '2026-06-30T21:00:00Z'],
      ['LT', '2008-01-15', '2026-01-14T21:59:59Z', '2026-01-14T22:00:00Z'],
      ['BE', '2008-07-01', '2026-06-30T21:59:59Z', '2026-06-30T22:00:00Z'],
      ['BE', '2008-01-01', '2025-12-31T22:59:59Z', '2025-12-31T23:00:00Z'],
      // A country whose time zone is not known: the last place where the day begins counts.
      ['FI', '2008-07-01', '2026-07-01T11:59:59Z', '2026-07-01T12:00:00Z'],
    ] as const) {
      assert.ok(!reached(born, before, country).includes('18'), `${country} ${before}`);
      assert.ok(reached(born, after, country).includes('18'), `${country} ${after}`);
    }
  });

  it('does not depend on the time zone of the machine', () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Pacific/Kiritimati';
      assert.ok(!reached('2008-07-01', '2026-06-30T20:59:59Z').includes('18'));
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('is not reached for a birth date in the future', () => {
    assert.deepEqual(reached('2100-01-01', '2026-01-01T12:00:00Z'), []);
  });
});
