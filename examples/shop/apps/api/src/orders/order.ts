export const ORDER_STATES = ['placed', 'dispatched', 'delivered', 'cancelled'] as const;

export type OrderState = (typeof ORDER_STATES)[number];

export interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly productId: string;
  readonly tankId: string | null;
  readonly quantity: number;
  readonly totalCents: number;
  readonly state: OrderState;
  readonly placedAt: string;
}
