import { randomBytes } from 'node:crypto';
import { JwtService, type JwtSignOptions } from '@nestjs/jwt';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../src/app';
import type { Role } from '../src/auth/principal';
import { tokenOptions } from '../src/auth/token-options';
import { readSettings } from '../src/settings';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

interface Call {
  readonly token?: string;
  readonly body?: unknown;
}

/** The service on a free port of this machine, and a client for it. */
export class RunningShop {
  private constructor(
    readonly app: NestExpressApplication,
    private readonly url: string,
    private readonly jwt: JwtService,
  ) {}

  static async start(requestsPerMinute = 10_000): Promise<RunningShop> {
    process.env['SHOP_TOKEN_KEY'] = randomBytes(32).toString('hex');
    process.env['SHOP_REQUESTS_PER_MINUTE'] = String(requestsPerMinute);
    const app = await createApp([]);
    await app.listen(0, '127.0.0.1');
    return new RunningShop(app, await app.getUrl(), new JwtService(tokenOptions(readSettings(process.env))));
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  token(role: Role, sub: string, options: JwtSignOptions = {}): string {
    return this.jwt.sign({ sub, role }, options);
  }

  signed(claims: Record<string, unknown>): string {
    return this.jwt.sign(claims);
  }

  async call<T = unknown>(method: string, path: string, { token, body }: Call = {}): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
  }
}
