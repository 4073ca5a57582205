import { describe, expect, it, jest } from '@jest/globals';
import type { Product, Reading, Tank } from '../api/types';
import type { OrderHandler } from '../orders/order-form';
import type { ReadingHandler } from './reading-form';
import { tankCard } from './tank-card';

const newest: Reading = { at: '2026-01-02T00:00:00.000Z', litres: 900 };
const older: Reading = { at: '2026-01-01T00:00:00.000Z', litres: 930 };
const tank: Tank = { id: 't1', name: 'Cellar <b>', capacityLitres: 2000, latest: newest };
const fuels: Product[] = [
  { id: 'oil', name: 'Heating oil', kind: 'fuel', priceCents: 104, leastQuantity: 500 },
  { id: 'bio', name: 'Bio oil', kind: 'fuel', priceCents: 117, leastQuantity: 300 },
];

function shown(of: Tank, readings: readonly Reading[], sold: readonly Product[] = fuels) {
  const handlers = { onOrder: jest.fn<OrderHandler>(), onReading: jest.fn<ReadingHandler>() };
  const card = tankCard(of, readings, sold, handlers);
  document.body.replaceChildren(card);
  return { card, ...handlers };
}

function submit(card: HTMLElement, button: string): void {
  const found = [...card.querySelectorAll('button')].find(({ textContent }) => textContent === button);
  found?.form?.dispatchEvent(new SubmitEvent('submit', { cancelable: true }));
}

describe('tankCard', () => {
  it('says how full the tank is and how long that lasts', () => {
    const { card } = shown(tank, [newest, older]);
    const lines = [...card.querySelectorAll('p')].map(({ textContent }) => textContent);
    expect(lines).toEqual(['900 l of 2,000 l (45 %).', 'Empty in about 30 days.']);
    expect(card.querySelector('h3')?.textContent).toBe('Cellar <b>');
  });

  it('offers nothing but a reading while the level is unknown', () => {
    const { card } = shown({ ...tank, latest: null }, []);
    expect(card.querySelector('svg')).toBeNull();
    expect(card.textContent).toContain('No reading yet; holds 2,000 l.');
    expect(card.textContent).toContain('Too few readings for a forecast.');
    expect(card.querySelectorAll('form')).toHaveLength(1);
  });

  it('hands a reading on', () => {
    const { card, onReading } = shown(tank, []);
    const input = card.querySelector<HTMLInputElement>('#level-t1');
    input?.setAttribute('value', '850');
    submit(card, 'Send reading');
    expect(onReading).toHaveBeenCalledWith(tank, 850);
  });

  it('orders the fuel that is chosen, at least as much as it must be', () => {
    const { card, onOrder } = shown(tank, []);
    const fuel = card.querySelector('select');
    expect(fuel?.options[1]?.textContent).toBe('Bio oil, €1.17 a litre');
    if (fuel) {
      fuel.value = 'bio';
      fuel.dispatchEvent(new Event('change'));
    }
    submit(card, 'Order');
    expect(onOrder).toHaveBeenCalledWith({ productId: 'bio', tankId: 't1', quantity: 300 });
  });
});
