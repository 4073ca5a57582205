import { expect, it } from '@jest/globals';
import { gauge } from './gauge';

it.each([
  [0, '0', '0 % full', true],
  [0.1, '9', '10 % full', true],
  [0.5, '46', '50 % full', false],
  [1, '92', '100 % full', false],
  [1.2, '92', '100 % full', false],
])('draws a share of %p', (share, height, label, low) => {
  const drawn = gauge(share);
  expect(drawn.querySelector('.oil')?.getAttribute('height')).toBe(height);
  expect(drawn.getAttribute('aria-label')).toBe(label);
  expect(drawn.classList.contains('low')).toBe(low);
});
