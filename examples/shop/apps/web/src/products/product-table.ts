import type { Product } from '../api/types';
import { element } from '../page/element';
import { litres, money } from '../page/format';

const HEADINGS = ['Product', 'Price', 'Least quantity'];

export function productTable(products: readonly Product[]): HTMLElement {
  if (products.length === 0) {
    return element('p', {}, 'The shelves are empty.');
  }
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...HEADINGS.map((heading) => element('th', { scope: 'col' }, heading)))),
    element('tbody', {}, ...products.map(row)),
  );
}

function row({ name, kind, priceCents, leastQuantity }: Product): HTMLElement {
  const fuel = kind === 'fuel';
  return element(
    'tr',
    {},
    element('td', {}, name),
    element('td', { class: 'number' }, `${money(priceCents)} ${fuel ? 'a litre' : 'each'}`),
    element('td', { class: 'number' }, fuel ? litres(leastQuantity) : String(leastQuantity)),
  );
}
