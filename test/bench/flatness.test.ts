import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flatnessOf } from '../../bench/soak/flatness.ts';

const TOLERANCE = { share: 0.1, least: 5 };
const series = (length: number, valueAt: (at: number) => number) =>
  Array.from({ length }, (_, at) => valueAt(at));

describe('a figure of a soak', () => {
  it('is flat where it goes up and down about the same', () => {
    assert.equal(
      flatnessOf(
        series(60, (at) => 200 + 10 * (at % 5)),
        TOLERANCE,
      ).isFlat,
      true,
    );
  });

  it('is flat where it has only risen in the first half', () => {
    assert.equal(
      flatnessOf(
        series(60, (at) => 100 + 5 * Math.min(at, 29)),
        TOLERANCE,
      ).isFlat,
      true,
    );
  });

  it('is not flat where it rises throughout by more than it may', () => {
    const { rise, limit, isFlat } = flatnessOf(
      series(60, (at) => 100 + at),
      TOLERANCE,
    );
    assert.deepEqual([Math.round(rise), isFlat], [15, false]);
    assert.ok(rise > limit);
  });

  it('may rise by a share of what it is, and by a few of a small number', () => {
    assert.equal(
      flatnessOf(
        series(60, (at) => 1_000 + at),
        TOLERANCE,
      ).isFlat,
      true,
    );
    assert.equal(
      flatnessOf(
        series(60, (at) => at / 10),
        TOLERANCE,
      ).isFlat,
      true,
    );
  });

  it('is not flat where a sample is missing', () => {
    assert.equal(
      flatnessOf(
        series(60, (at) => (at === 50 ? NaN : 1)),
        TOLERANCE,
      ).isFlat,
      false,
    );
  });

  it('is flat where a burst has passed', () => {
    assert.equal(
      flatnessOf(
        series(60, (at) => (at > 52 && at < 59 ? 90 : 40)),
        TOLERANCE,
      ).isFlat,
      true,
    );
  });

  it('may fall', () => {
    assert.equal(
      flatnessOf(
        series(60, (at) => 1_000 - at),
        TOLERANCE,
      ).isFlat,
      true,
    );
  });
});
