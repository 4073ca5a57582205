import type { Product } from '../products/product';
import { roomLitres, type Tank } from '../tanks/tank';
import type { OrderState } from './order';

const BULK_LITRES = 3_000;
const BULK_DISCOUNT_PERCENT = 3;

const NEXT_STATES: Readonly<Record<OrderState, readonly OrderState[]>> = {
  placed: ['dispatched', 'cancelled'],
  dispatched: ['delivered'],
  delivered: [],
  cancelled: [],
};

/** Fuel in bulk is cheaper; a broken cent is rounded to the nearest. */
export function totalCents(product: Product, quantity: number): number {
  const full = product.priceCents * quantity;
  if (product.kind === 'fuel' && quantity >= BULK_LITRES) {
    return Math.round((full * (100 - BULK_DISCOUNT_PERCENT)) / 100);
  }
  return full;
}

/** Why this order cannot be placed, or nothing if it can. */
export function refusal(product: Product, tank: Tank | undefined, quantity: number): string | undefined {
  if (quantity < product.leastQuantity) {
    return `The least quantity is ${product.leastQuantity}.`;
  }
  if (product.kind !== 'fuel') {
    return tank ? 'Only fuel is delivered into a tank.' : undefined;
  }
  if (!tank) {
    return 'Fuel needs a tank to be delivered into.';
  }
  if (!tank.latest) {
    return 'The level of this tank is unknown: send a reading first.';
  }
  const room = roomLitres(tank);
  return quantity > room ? `The tank has room for ${room} litres.` : undefined;
}

export function mayMove(from: OrderState, to: OrderState): boolean {
  return NEXT_STATES[from].includes(to);
}
