import { expect, it } from '@jest/globals';
import { productTable } from './product-table';

it('prices fuel by the litre and gauges by the piece', () => {
  const table = productTable([
    { id: 'oil', name: 'Heating oil', kind: 'fuel', priceCents: 104, leastQuantity: 500 },
    { id: 'gauge', name: 'Level gauge', kind: 'gauge', priceCents: 12_900, leastQuantity: 1 },
  ]);
  const rows = [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  );
  expect(rows).toEqual([
    ['Heating oil', '€1.04 a litre', '500 l'],
    ['Level gauge', '€129.00 each', '1'],
  ]);
});

it('says so when there is nothing', () => {
  expect(productTable([]).textContent).toBe('The shelves are empty.');
});
