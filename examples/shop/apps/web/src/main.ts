import { ShopClient } from './api/client';
import type { NewOrder, NewTank, Product, Tank } from './api/types';
import { required } from './page/element';
import { money } from './page/format';
import { explain, notify } from './page/notice';
import { productTable } from './products/product-table';
import { newTankForm } from './tanks/new-tank-form';
import { tankCard } from './tanks/tank-card';

const notice = required('#notice', HTMLElement);
const products = required('#products', HTMLElement);
const signIn = required('#sign-in', HTMLFormElement);
const access = required('#access', HTMLInputElement);
const tanks = required('#tanks', HTMLElement);

const client = new ShopClient();
let fuels: readonly Product[] = [];

/** Runs what a person asked for; whatever goes wrong is said on the page. */
function attempt(action: () => Promise<void>): void {
  action().catch((failure: unknown) => notify(notice, explain(failure), 'error'));
}

async function showProducts(): Promise<void> {
  const { items } = await client.products();
  fuels = items.filter(({ kind }) => kind === 'fuel');
  products.replaceChildren(productTable(items));
}

async function showTanks(): Promise<void> {
  const { items } = await client.tanks();
  const cards = items.map(async (tank) => {
    const readings = await client.readings(tank.id);
    return tankCard(tank, readings.items, fuels, { onOrder, onReading });
  });
  tanks.replaceChildren(...(await Promise.all(cards)), newTankForm(onNewTank));
}

function onNewTank(tank: NewTank): void {
  attempt(async () => {
    await client.addTank(tank);
    await showTanks();
  });
}

function onReading(tank: Tank, litres: number): void {
  attempt(async () => {
    await client.addReading(tank.id, litres);
    await showTanks();
  });
}

function onOrder(order: NewOrder): void {
  attempt(async () => {
    const { totalCents } = await client.placeOrder(order);
    notify(notice, `Your order is placed: ${money(totalCents)}.`);
  });
}

signIn.addEventListener('submit', (event) => {
  event.preventDefault();
  client.signIn(access.value);
  access.value = '';
  attempt(showTanks);
});

attempt(showProducts);
