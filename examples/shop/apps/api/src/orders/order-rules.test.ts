import { describe, expect, it } from '@jest/globals';
import type { Product } from '../products/product';
import type { Tank } from '../tanks/tank';
import { ORDER_STATES } from './order';
import { mayMove, refusal, totalCents } from './order-rules';

const fuel: Product = { id: 'fuel', name: 'Oil', kind: 'fuel', priceCents: 101, leastQuantity: 500 };
const gauge: Product = { id: 'gauge', name: 'Gauge', kind: 'gauge', priceCents: 4900, leastQuantity: 1 };
const unread: Tank = { id: 'tank', ownerId: 'ada', name: 'Cellar', capacityLitres: 2000, latest: null };
const tank: Tank = { ...unread, latest: { at: '2026-01-01T00:00:00.000Z', litres: 1000 } };

describe('totalCents', () => {
  it('is price times quantity', () => {
    expect(totalCents(fuel, 2999)).toBe(302_899);
  });

  it('is three per cent less for fuel in bulk, rounded to a cent', () => {
    expect(totalCents(fuel, 3001)).toBe(294_008);
  });

  it('has no bulk price for gauges', () => {
    expect(totalCents(gauge, 3000)).toBe(14_700_000);
  });
});

describe('refusal', () => {
  it('accepts what fits', () => {
    expect(refusal(fuel, tank, 900)).toBeUndefined();
    expect(refusal(gauge, undefined, 1)).toBeUndefined();
  });

  it.each([
    [fuel, tank, 499, 'The least quantity is 500.'],
    [fuel, undefined, 500, 'Fuel needs a tank to be delivered into.'],
    [fuel, unread, 500, 'The level of this tank is unknown: send a reading first.'],
    [fuel, tank, 901, 'The tank has room for 900 litres.'],
    [gauge, tank, 1, 'Only fuel is delivered into a tank.'],
  ])('says why not', (product, into, quantity, why) => {
    expect(refusal(product, into, quantity)).toBe(why);
  });
});

describe('mayMove', () => {
  it('allows three moves and no other', () => {
    const allowed = ORDER_STATES.flatMap((from) =>
      ORDER_STATES.filter((to) => mayMove(from, to)).map((to) => `${from} to ${to}`),
    );
    expect(allowed).toEqual(['placed to dispatched', 'placed to cancelled', 'dispatched to delivered']);
  });
});
