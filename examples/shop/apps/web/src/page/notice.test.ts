import { expect, it } from '@jest/globals';
import { ApiError } from '../api/client';
import { element } from './element';
import { explain, notify } from './notice';

it('shows the sentence and marks an error as one', () => {
  const place = element('p', { hidden: true });
  notify(place, 'Not enough room.', 'error');
  expect(place.outerHTML).toBe('<p class="error">Not enough room.</p>');
  notify(place, 'Thank you.');
  expect(place.classList.contains('error')).toBe(false);
});

it('keeps the words of the API, except for a missing token', () => {
  expect(explain(new ApiError(422, 'Not enough room.'))).toBe('Not enough room.');
  expect(explain(new ApiError(401, 'Unauthorized'))).toBe('Please sign in with a valid access token.');
  expect(explain(new TypeError('Failed to fetch'))).toBe('The shop is out of reach. Please try again.');
});
