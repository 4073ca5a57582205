import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RunningShop } from './running-shop';

let shop: RunningShop;

beforeAll(async () => {
  shop = await RunningShop.start();
});

afterAll(async () => {
  await shop.stop();
});

it('says that it is well', async () => {
  const { status, body } = await shop.call('GET', '/health');
  expect(status).toBe(200);
  expect(body).toEqual({ status: 'ok', uptimeSeconds: expect.any(Number) });
});

it('serves the web front end with security headers', async () => {
  const { status, headers, body } = await shop.call<string>('GET', '/');
  expect(status).toBe(200);
  expect(body).toContain('<title>Tank shop</title>');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(headers.has('x-powered-by')).toBe(false);
});

it('writes an audit line for a change and none for a look', async () => {
  const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  const token = shop.token('customer', 'ada\nroot');
  await shop.call('GET', '/tanks', { token });
  await shop.call('POST', '/tanks', { token, body: { name: 'Cellar', capacityLitres: 2000 } });
  const lines = log.mock.calls.map(([line]) => line as unknown);
  log.mockRestore();
  expect(lines).toEqual(['customer "ada\\nroot" POST /tanks']);
});
