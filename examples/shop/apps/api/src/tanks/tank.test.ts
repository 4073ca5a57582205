import { describe, expect, it } from '@jest/globals';
import { roomLitres, type Tank } from './tank';

function tankWith(litres: number | null): Tank {
  return {
    id: 'tank',
    ownerId: 'ada',
    name: 'Cellar',
    capacityLitres: 1001,
    latest: litres === null ? null : { at: '2026-01-01T00:00:00.000Z', litres },
  };
}

describe('roomLitres', () => {
  it.each([
    [null, 0],
    [0, 950],
    [900, 50],
    [950, 0],
    [1001, 0],
  ])('with %p litres in it there is room for %p', (litres, room) => {
    expect(roomLitres(tankWith(litres))).toBe(room);
  });
});
