/** One measured level. */
export interface Reading {
  readonly at: string;
  readonly litres: number;
}

/** A customer's oil tank, as the API shows it. */
export interface Tank {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly capacityLitres: number;
  readonly latest: Reading | null;
}

/** A tank must not be filled above this share of its capacity. */
const SAFE_FILL = 0.95;

/** How much oil may still be poured in; nothing while the level is unknown. */
export function roomLitres(tank: Tank): number {
  if (!tank.latest) {
    return 0;
  }
  return Math.max(0, Math.floor(tank.capacityLitres * SAFE_FILL) - tank.latest.litres);
}
