import { describe, expect, it } from '@jest/globals';
import type { Reading } from '../api/types';
import { daysUntilEmpty, sinceRefill } from './forecast';

/** One reading a day, the first of them the newest. */
function daily(...levels: number[]): Reading[] {
  return levels.map((litres, index) => ({
    at: new Date(Date.UTC(2026, 0, 31 - index)).toISOString(),
    litres,
  }));
}

describe('daysUntilEmpty', () => {
  it('follows a steady fall', () => {
    expect(daysUntilEmpty(daily(900, 910, 920))).toBeCloseTo(90, 6);
  });

  it('evens out an uneven one', () => {
    expect(daysUntilEmpty(daily(960, 980, 1020, 1020))).toBeCloseTo(960 / 22, 6);
  });

  it('counts from the last refill only', () => {
    expect(daysUntilEmpty(daily(1000, 1010, 20, 30))).toBeCloseTo(100, 6);
  });

  it.each([[daily()], [daily(500)], [daily(500, 500)], [daily(500, 400)]])('does not guess from %j', (readings) => {
    expect(daysUntilEmpty(readings)).toBeUndefined();
  });
});

describe('sinceRefill', () => {
  it('keeps all readings when there was none', () => {
    const readings = daily(1, 2, 3);
    expect(sinceRefill(readings)).toEqual(readings);
  });
});
