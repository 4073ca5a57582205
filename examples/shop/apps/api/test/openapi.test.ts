import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { RunningShop } from './running-shop';

interface Operation {
  readonly security?: readonly unknown[];
}

interface Document {
  readonly security: readonly unknown[];
  readonly paths: Record<string, Record<string, Operation>>;
}

interface RouterLayer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const SOME_ID = '4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e01';

const document = parse(readFileSync(join(__dirname, '../openapi.yaml'), 'utf8')) as Document;

const described = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    return operation ? [{ method: method.toUpperCase(), path, security: operation.security ?? document.security }] : [];
  }),
);

let shop: RunningShop;

beforeAll(async () => {
  shop = await RunningShop.start();
});

afterAll(async () => {
  await shop.stop();
});

function servedRoutes(): string[] {
  const { router } = shop.app.getHttpAdapter().getInstance() as { router: { stack: RouterLayer[] } };
  return router.stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`)
      : [],
  );
}

it('describes exactly the routes that are served', () => {
  expect(described.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(servedRoutes().sort());
});

describe('a call without a token', () => {
  it.each(described)('is answered as $method $path says', async ({ method, path, security }) => {
    const { status } = await shop.call(method, path.replace('{id}', SOME_ID));
    expect(status).toBe(security.length > 0 ? 401 : 200);
  });
});
