import type { Reading } from '../api/types';

const DAY_MS = 86_400_000;

/**
 * Days until a tank is empty, from its readings (newest first): the straight
 * line that fits the readings since the last refill best. Undefined while
 * there are too few readings, or when the level does not fall.
 */
export function daysUntilEmpty(readings: readonly Reading[]): number | undefined {
  const newest = readings[0];
  if (!newest) {
    return undefined;
  }
  const perDay = slope(sinceRefill(readings));
  return perDay !== undefined && perDay < 0 ? newest.litres / -perDay : undefined;
}

/** The newest readings among which the level never rose, newest first. */
export function sinceRefill(readings: readonly Reading[]): readonly Reading[] {
  const refill = readings.findIndex((reading, index) => {
    const older = readings[index + 1];
    return older !== undefined && older.litres < reading.litres;
  });
  return refill < 0 ? readings : readings.slice(0, refill + 1);
}

/** Litres a day, by least squares; undefined when all readings are of one moment. */
function slope(readings: readonly Reading[]): number | undefined {
  const points = readings.map(({ at, litres }) => ({ day: Date.parse(at) / DAY_MS, litres }));
  const meanDay = mean(points.map(({ day }) => day));
  const meanLitres = mean(points.map(({ litres }) => litres));
  let spread = 0;
  let together = 0;
  for (const { day, litres } of points) {
    spread += (day - meanDay) ** 2;
    together += (day - meanDay) * (litres - meanLitres);
  }
  return spread > 0 ? together / spread : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
