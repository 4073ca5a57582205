import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import { randomBytes } from 'node:crypto';
import { tokenOptions } from '../src/auth/token-options';
import { readSettings } from '../src/settings';
import type { Tank } from '../src/tanks/tank';
import { RunningShop } from './running-shop';

let shop: RunningShop;

beforeAll(async () => {
  shop = await RunningShop.start();
});

afterAll(async () => {
  await shop.stop();
});

describe('the auth guard', () => {
  const statusWith = async (token: string): Promise<number> => (await shop.call('GET', '/tanks', { token })).status;

  it('lets a valid token in', async () => {
    expect(await statusWith(shop.token('customer', 'ada'))).toBe(200);
  });

  it('refuses a caller without a token', async () => {
    expect((await shop.call('GET', '/tanks')).status).toBe(401);
  });

  it('refuses garbage', async () => {
    expect(await statusWith('garbage')).toBe(401);
  });

  it('refuses a token whose time is over', async () => {
    expect(await statusWith(shop.token('customer', 'ada', { expiresIn: -1 }))).toBe(401);
  });

  it('refuses a token for another audience', async () => {
    expect(await statusWith(shop.token('customer', 'ada', { audience: 'elsewhere' }))).toBe(401);
  });

  it('refuses a token signed with another key', async () => {
    const settings = { ...readSettings(process.env), tokenKey: randomBytes(32).toString('hex') };
    const stranger = new JwtService(tokenOptions(settings));
    expect(await statusWith(stranger.sign({ sub: 'ada', role: 'operator' }))).toBe(401);
  });

  it('refuses a token that is not signed at all', async () => {
    const [, claims] = shop.token('operator', 'ada').split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    expect(await statusWith(`${header}.${claims ?? ''}.`)).toBe(401);
  });

  it('refuses a signed token that names no known role', async () => {
    expect(await statusWith(shop.signed({ sub: 'ada', role: 'owner' }))).toBe(401);
  });
});

describe('the roles guard', () => {
  it('keeps customers from adding products', async () => {
    const token = shop.token('customer', 'ada');
    expect((await shop.call('POST', '/products', { token, body: {} })).status).toBe(403);
  });

  it('keeps operators from registering tanks', async () => {
    const token = shop.token('operator', 'olga');
    expect((await shop.call('POST', '/tanks', { token, body: {} })).status).toBe(403);
  });
});

describe('ownership', () => {
  it('answers a tank of somebody else like one that does not exist', async () => {
    const body = { name: 'Cellar', capacityLitres: 2000 };
    const { body: tank } = await shop.call<Tank>('POST', '/tanks', { token: shop.token('customer', 'ada'), body });
    const path = `/tanks/${tank.id}`;

    expect((await shop.call('GET', path, { token: shop.token('customer', 'ada') })).status).toBe(200);
    expect((await shop.call('GET', path, { token: shop.token('operator', 'olga') })).status).toBe(200);
    expect((await shop.call('GET', path, { token: shop.token('customer', 'bob') })).status).toBe(404);
    expect((await shop.call('GET', `${path}/readings`, { token: shop.token('customer', 'bob') })).status).toBe(404);
  });

  it('lists nothing of somebody else', async () => {
    const { body } = await shop.call('GET', '/tanks', { token: shop.token('customer', 'carl') });
    expect(body).toEqual({ items: [], total: 0 });
  });
});
