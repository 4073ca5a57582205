import { ApiError } from '../api/client';

/** Shows one sentence to the person in front of the page. */
export function notify(place: HTMLElement, message: string, kind: 'info' | 'error' = 'info'): void {
  place.textContent = message;
  place.classList.toggle('error', kind === 'error');
  place.hidden = false;
}

/** What to say about a failure: the API's own words, or that it is out of reach. */
export function explain(failure: unknown): string {
  if (failure instanceof ApiError) {
    return failure.status === 401 ? 'Please sign in with a valid access token.' : failure.message;
  }
  return 'The shop is out of reach. Please try again.';
}
