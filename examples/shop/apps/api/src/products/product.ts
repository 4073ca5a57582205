export const PRODUCT_KINDS = ['fuel', 'gauge'] as const;

export type ProductKind = (typeof PRODUCT_KINDS)[number];

/** Something the shop sells: fuel by the litre, gauges by the piece. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly kind: ProductKind;
  readonly priceCents: number;
  readonly leastQuantity: number;
}

/** What is on the shelf when the service starts. */
export const FIRST_PRODUCTS: readonly Product[] = [
  {
    id: '4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e01',
    name: 'Heating oil, low sulphur',
    kind: 'fuel',
    priceCents: 104,
    leastQuantity: 500,
  },
  {
    id: '4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e02',
    name: 'Heating oil, 10 % renewable',
    kind: 'fuel',
    priceCents: 117,
    leastQuantity: 500,
  },
  {
    id: '4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e03',
    name: 'Ultrasonic level gauge',
    kind: 'gauge',
    priceCents: 12_900,
    leastQuantity: 1,
  },
];
