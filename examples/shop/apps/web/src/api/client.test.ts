/** @jest-environment node */
import { describe, expect, it, jest } from '@jest/globals';
import { ApiError, ShopClient } from './client';

function answering(status: number, body: string) {
  const send = jest.fn<typeof fetch>(() => Promise.resolve(new Response(body, { status })));
  return { client: new ShopClient(send), send };
}

function sent(send: jest.Mock<typeof fetch>): { path: unknown; headers: Headers; body: unknown } {
  const [path, request] = send.mock.calls[0] ?? [];
  return { path, headers: new Headers(request?.headers), body: request?.body };
}

describe('ShopClient', () => {
  it('asks for products without a token', async () => {
    const { client, send } = answering(200, '{"items":[],"total":0}');
    expect(await client.products()).toEqual({ items: [], total: 0 });
    expect(sent(send).path).toBe('/products?limit=100');
    expect(sent(send).headers.has('authorization')).toBe(false);
  });

  it('carries the token after signing in', async () => {
    const { client, send } = answering(200, '{"items":[],"total":0}');
    const token = ['some', 'thing'].join('-');
    client.signIn(token);
    await client.tanks();
    expect(sent(send).headers.get('authorization')).toBe(`Bearer ${token}`);
  });

  it('sends a reading as JSON and escapes the id', async () => {
    const { client, send } = answering(201, '{"at":"2026-01-01T00:00:00.000Z","litres":5}');
    await client.addReading('a/b', 5);
    expect(sent(send)).toMatchObject({ path: '/tanks/a%2Fb/readings', body: '{"litres":5}' });
    expect(sent(send).headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['{"message":"The tank has room for 5 litres."}', 'The tank has room for 5 litres.'],
    ['{"message":["one","two"]}', 'one; two'],
    ['{}', 'The shop answered with status 422.'],
    ['<html>', 'The shop answered with status 422.'],
  ])('turns the refusal %s into words', async (body, message) => {
    const { client } = answering(422, body);
    const refusal = client.placeOrder({ productId: 'oil', quantity: 1 });
    await expect(refusal).rejects.toEqual(new ApiError(422, message));
    await expect(refusal).rejects.toMatchObject({ status: 422 });
  });
});
