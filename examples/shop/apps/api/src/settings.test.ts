import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readSettings, SettingsError } from './settings';

const SHOP_TOKEN_KEY = randomBytes(16).toString('hex');

describe('readSettings', () => {
  it('needs nothing but a token key', () => {
    expect(readSettings({ SHOP_TOKEN_KEY })).toEqual({
      host: '127.0.0.1',
      port: 3000,
      requestsPerMinute: 120,
      tokenKey: SHOP_TOKEN_KEY,
    });
  });

  it('takes what is set', () => {
    const env = { SHOP_TOKEN_KEY, SHOP_HOST: '0.0.0.0', SHOP_PORT: '0', SHOP_REQUESTS_PER_MINUTE: '7' };
    expect(readSettings(env)).toMatchObject({ host: '0.0.0.0', port: 0, requestsPerMinute: 7 });
  });

  it.each([undefined, '', SHOP_TOKEN_KEY.slice(1)])('refuses a missing or short key', (key) => {
    const env = key === undefined ? {} : { SHOP_TOKEN_KEY: key };
    expect(() => readSettings(env)).toThrow(SettingsError);
  });

  it.each(['-1', '65536', '80a', ''])('refuses the port "%s"', (SHOP_PORT) => {
    expect(() => readSettings({ SHOP_TOKEN_KEY, SHOP_PORT })).toThrow(
      `SHOP_PORT must be a whole number from 0 to 65535, not "${SHOP_PORT}"`,
    );
  });
});
