import { afterEach, describe, expect, it } from '@jest/globals';
import { RunningShop } from './running-shop';

let shop: RunningShop;

afterEach(async () => {
  await shop.stop();
});

describe('the rate limiter', () => {
  it('answers 429 with a time to wait once the minute is used up', async () => {
    shop = await RunningShop.start(2);
    expect((await shop.call('GET', '/products')).status).toBe(200);
    expect((await shop.call('GET', '/products')).headers.get('x-ratelimit-remaining')).toBe('0');

    const refused = await shop.call('GET', '/products');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('counts calls without a token too', async () => {
    shop = await RunningShop.start(1);
    expect((await shop.call('GET', '/tanks')).status).toBe(401);
    expect((await shop.call('GET', '/tanks')).status).toBe(429);
  });

  it('leaves the health check alone', async () => {
    shop = await RunningShop.start(1);
    for (let call = 0; call < 5; call += 1) {
      expect((await shop.call('GET', '/health')).status).toBe(200);
    }
  });
});

describe('the body limit', () => {
  it('answers 413 to a body over 16 KB', async () => {
    shop = await RunningShop.start();
    const body = { name: 'x'.repeat(20_000) };
    const { status } = await shop.call('POST', '/tanks', { token: shop.token('customer', 'ada'), body });
    expect(status).toBe(413);
  });
});
