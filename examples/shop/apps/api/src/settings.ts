/** What the service needs from its environment, checked once at start-up. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly requestsPerMinute: number;
  readonly tokenKey: string;
}

/** The injection token of {@link Settings}. */
export const SETTINGS = Symbol('Settings');

const SHORTEST_TOKEN_KEY = 32;

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return {
    host: env['SHOP_HOST'] ?? '127.0.0.1',
    port: wholeNumber(env, 'SHOP_PORT', 3000, 0, 65_535),
    requestsPerMinute: wholeNumber(env, 'SHOP_REQUESTS_PER_MINUTE', 120, 1, 1_000_000),
    tokenKey: tokenKey(env),
  };
}

function tokenKey(env: NodeJS.ProcessEnv): string {
  const key = env['SHOP_TOKEN_KEY'] ?? '';
  if (key.length < SHORTEST_TOKEN_KEY) {
    throw new SettingsError(
      `SHOP_TOKEN_KEY must hold at least ${SHORTEST_TOKEN_KEY} characters; make one with: openssl rand -hex 32`,
    );
  }
  return key;
}

function wholeNumber(
  env: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = env[name];
  if (text === undefined) {
    return fallback;
  }
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new SettingsError(`${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}
