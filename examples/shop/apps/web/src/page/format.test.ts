import { expect, it } from '@jest/globals';
import { days, litres, money, percent } from './format';

it('groups digits', () => {
  expect(litres(12_500)).toBe('12,500 l');
});

it('writes cents as euros', () => {
  expect(money(104)).toBe('€1.04');
  expect(money(1_290_000)).toBe('€12,900.00');
});

it('rounds a share down', () => {
  expect(percent(0.999)).toBe('99 %');
  expect(percent(1)).toBe('100 %');
});

it.each([
  [0.4, 'less than a day'],
  [1.9, '1 day'],
  [2, '2 days'],
  [1234.5, '1,234 days'],
])('says %p days in words', (count, words) => {
  expect(days(count)).toBe(words);
});
