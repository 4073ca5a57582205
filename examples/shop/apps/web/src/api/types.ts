/** The API's answers, as far as this page uses them (see apps/api/openapi.yaml). */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly kind: 'fuel' | 'gauge';
  readonly priceCents: number;
  readonly leastQuantity: number;
}

export interface Reading {
  readonly at: string;
  readonly litres: number;
}

export interface Tank {
  readonly id: string;
  readonly name: string;
  readonly capacityLitres: number;
  readonly latest: Reading | null;
}

export interface NewTank {
  readonly name: string;
  readonly capacityLitres: number;
}

export interface Order {
  readonly id: string;
  readonly totalCents: number;
}

export interface NewOrder {
  readonly productId: string;
  readonly tankId?: string;
  readonly quantity: number;
}
