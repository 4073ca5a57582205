import type { JwtModuleOptions } from '@nestjs/jwt';
import type { Settings } from '../settings';

const ISSUER = 'tank-shop';
const AUDIENCE = 'tank-shop-api';

/** One set of rules for signing and checking: algorithm, issuer, audience, lifetime. */
export function tokenOptions(settings: Settings): JwtModuleOptions {
  return {
    secret: settings.tokenKey,
    signOptions: { algorithm: 'HS256', audience: AUDIENCE, expiresIn: '15m', issuer: ISSUER },
    verifyOptions: { algorithms: ['HS256'], audience: AUDIENCE, issuer: ISSUER },
  };
}
