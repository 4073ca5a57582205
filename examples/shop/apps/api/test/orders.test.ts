import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Order } from '../src/orders/order';
import { FIRST_PRODUCTS, type ProductKind } from '../src/products/product';
import type { Tank } from '../src/tanks/tank';
import { RunningShop, type Answer } from './running-shop';

let shop: RunningShop;
let customer: string;
let operator: string;
let tank: Tank;

beforeAll(async () => {
  shop = await RunningShop.start();
  customer = shop.token('customer', 'ada');
  operator = shop.token('operator', 'olga');
});

afterAll(async () => {
  await shop.stop();
});

function productId(kind: ProductKind): string {
  const product = FIRST_PRODUCTS.find((candidate) => candidate.kind === kind);
  expect(product).toBeDefined();
  return product?.id ?? '';
}

async function place(body: Record<string, unknown>): Promise<Answer<Order>> {
  return shop.call<Order>('POST', '/orders', { token: customer, body });
}

async function move(order: Order, state: string): Promise<number> {
  return (await shop.call('PATCH', `/orders/${order.id}`, { token: operator, body: { state } })).status;
}

describe('placing', () => {
  beforeEach(async () => {
    const body = { name: 'Cellar', capacityLitres: 2000 };
    tank = (await shop.call<Tank>('POST', '/tanks', { token: customer, body })).body;
    await shop.call('POST', `/tanks/${tank.id}/readings`, { token: customer, body: { litres: 400 } });
  });

  it('works out the price itself', async () => {
    const { status, body } = await place({ productId: productId('fuel'), tankId: tank.id, quantity: 1500 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ customerId: 'ada', state: 'placed', totalCents: 156_000 });
  });

  it('refuses a price from outside', async () => {
    const { status } = await place({ productId: productId('gauge'), quantity: 1, totalCents: 1 });
    expect(status).toBe(400);
  });

  it('refuses more than the tank has room for', async () => {
    const { status, body } = await place({ productId: productId('fuel'), tankId: tank.id, quantity: 1501 });
    expect(status).toBe(422);
    expect(body).toMatchObject({ message: 'The tank has room for 1500 litres.' });
  });

  it('does not deliver into a tank of somebody else', async () => {
    const { status } = await shop.call('POST', '/orders', {
      token: shop.token('customer', 'bob'),
      body: { productId: productId('fuel'), tankId: tank.id, quantity: 500 },
    });
    expect(status).toBe(404);
  });
});

describe('an order', () => {
  let order: Order;

  beforeEach(async () => {
    order = (await place({ productId: productId('gauge'), quantity: 2 })).body;
  });

  it('is seen by its customer and by operators only', async () => {
    const path = `/orders/${order.id}`;
    expect((await shop.call('GET', path, { token: customer })).body).toEqual(order);
    expect((await shop.call('GET', path, { token: operator })).body).toEqual(order);
    expect((await shop.call('GET', path, { token: shop.token('customer', 'bob') })).status).toBe(404);
    expect((await shop.call('GET', '/orders', { token: shop.token('customer', 'bob') })).body).toEqual({
      items: [],
      total: 0,
    });
  });

  it('goes from placed over dispatched to delivered', async () => {
    expect(await move(order, 'delivered')).toBe(409);
    expect(await move(order, 'dispatched')).toBe(200);
    expect(await move(order, 'delivered')).toBe(200);
  });

  it('can be cancelled by its customer until it is dispatched', async () => {
    const { status, body } = await shop.call('POST', `/orders/${order.id}/cancel`, { token: customer });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: order.id, state: 'cancelled' });
    expect(await move(order, 'dispatched')).toBe(409);
  });

  it('cannot be moved by its customer', async () => {
    const { status } = await shop.call('PATCH', `/orders/${order.id}`, {
      token: customer,
      body: { state: 'delivered' },
    });
    expect(status).toBe(403);
  });
});
