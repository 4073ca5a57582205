import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Page } from '../src/common/page';
import type { Product } from '../src/products/product';
import { RunningShop } from './running-shop';

let shop: RunningShop;

beforeEach(async () => {
  shop = await RunningShop.start();
});

afterEach(async () => {
  await shop.stop();
});

it('lists what is on the shelf, page by page', async () => {
  const { body: all } = await shop.call<Page<Product>>('GET', '/products');
  const { body: second } = await shop.call<Page<Product>>('GET', '/products?limit=1&offset=1');

  expect(all.total).toBe(3);
  expect(second).toEqual({ items: [all.items[1]], total: 3 });
});

it('refuses a page that is too long or not a number', async () => {
  expect((await shop.call('GET', '/products?limit=101')).status).toBe(400);
  expect((await shop.call('GET', '/products?offset=first')).status).toBe(400);
});

it('lets an operator add a product, which everyone then finds', async () => {
  const body = { name: 'Float gauge', kind: 'gauge', priceCents: 4900, leastQuantity: 1 };
  const added = await shop.call<Product>('POST', '/products', { token: shop.token('operator', 'olga'), body });
  expect(added.status).toBe(201);
  expect(added.body).toMatchObject(body);

  const found = await shop.call('GET', `/products/${added.body.id}`);
  expect(found.body).toEqual(added.body);
});

it('refuses properties that it does not know', async () => {
  const body = { name: 'Float gauge', kind: 'gauge', priceCents: 4900, leastQuantity: 1, id: 'mine' };
  const { status, body: answer } = await shop.call('POST', '/products', {
    token: shop.token('operator', 'olga'),
    body,
  });
  expect(status).toBe(400);
  expect(answer).toMatchObject({ message: ['property id should not exist'] });
});

it('tells an id that is no id from one that names nothing', async () => {
  expect((await shop.call('GET', '/products/1')).status).toBe(400);
  expect((await shop.call('GET', '/products/4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1eff')).status).toBe(404);
});
