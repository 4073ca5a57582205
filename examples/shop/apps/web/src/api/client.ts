import type { NewOrder, NewTank, Order, Page, Product, Reading, Tank } from './types';

const PATIENCE_MS = 10_000;

/** The API said no; `message` is fit to be shown. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Talks to the API on the origin that served the page. The token stays in memory. */
export class ShopClient {
  private token: string | undefined;

  constructor(private readonly send: typeof fetch = (...request) => fetch(...request)) {}

  signIn(token: string): void {
    this.token = token;
  }

  products(): Promise<Page<Product>> {
    return this.call('GET', '/products?limit=100');
  }

  tanks(): Promise<Page<Tank>> {
    return this.call('GET', '/tanks?limit=100');
  }

  addTank(tank: NewTank): Promise<Tank> {
    return this.call('POST', '/tanks', tank);
  }

  readings(tankId: string): Promise<Page<Reading>> {
    return this.call('GET', `/tanks/${encodeURIComponent(tankId)}/readings?limit=100`);
  }

  addReading(tankId: string, litres: number): Promise<Reading> {
    return this.call('POST', `/tanks/${encodeURIComponent(tankId)}/readings`, { litres });
  }

  placeOrder(order: NewOrder): Promise<Order> {
    return this.call('POST', '/orders', order);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = new Headers();
    if (this.token !== undefined) {
      headers.set('authorization', `Bearer ${this.token}`);
    }
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(PATIENCE_MS) };
    if (body !== undefined) {
      headers.set('content-type', 'application/json');
      request.body = JSON.stringify(body);
    }
    const response = await this.send(path, request);
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      throw new ApiError(response.status, reason(answer) ?? `The shop answered with status ${response.status}.`);
    }
    return answer as T;
  }
}

function reason(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('message' in answer)) {
    return undefined;
  }
  const { message } = answer;
  return Array.isArray(message) ? message.join('; ') : String(message);
}
