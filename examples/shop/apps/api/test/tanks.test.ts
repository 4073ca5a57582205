import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from '../src/common/page';
import type { Reading, Tank } from '../src/tanks/tank';
import { MOST_TANKS_PER_OWNER } from '../src/tanks/tanks.service';
import { RunningShop } from './running-shop';

let shop: RunningShop;

beforeAll(async () => {
  shop = await RunningShop.start();
});

afterAll(async () => {
  await shop.stop();
});

async function newTank(token: string, name = 'Cellar'): Promise<Tank> {
  const answer = await shop.call<Tank>('POST', '/tanks', { token, body: { name, capacityLitres: 2000 } });
  expect(answer.status).toBe(201);
  return answer.body;
}

it('knows no level before the first reading, and the newest one after', async () => {
  const token = shop.token('customer', 'ada');
  const tank = await newTank(token);
  expect(tank).toMatchObject({ ownerId: 'ada', capacityLitres: 2000, latest: null });

  for (const litres of [900, 850]) {
    const { status } = await shop.call('POST', `/tanks/${tank.id}/readings`, { token, body: { litres } });
    expect(status).toBe(201);
  }
  const { body: now } = await shop.call<Tank>('GET', `/tanks/${tank.id}`, { token });
  expect(now.latest?.litres).toBe(850);

  const { body: readings } = await shop.call<Page<Reading>>('GET', `/tanks/${tank.id}/readings`, { token });
  expect(readings.items.map(({ litres }) => litres)).toEqual([850, 900]);
});

it('refuses a reading above the capacity', async () => {
  const token = shop.token('customer', 'bob');
  const tank = await newTank(token);
  const answer = await shop.call('POST', `/tanks/${tank.id}/readings`, { token, body: { litres: 2001 } });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ message: 'The tank holds at most 2000 litres.' });
});

it('stops at the most tanks an owner may have', async () => {
  const token = shop.token('customer', 'carl');
  for (let index = 0; index < MOST_TANKS_PER_OWNER; index += 1) {
    await newTank(token, `Tank ${index}`);
  }
  const { status } = await shop.call('POST', '/tanks', { token, body: { name: 'One more', capacityLitres: 500 } });
  expect(status).toBe(409);
});
