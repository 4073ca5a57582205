import type { Product, Reading, Tank } from '../api/types';
import { orderForm, type OrderHandler } from '../orders/order-form';
import { element } from '../page/element';
import { days, litres, percent } from '../page/format';
import { daysUntilEmpty } from './forecast';
import { gauge } from './gauge';
import { readingForm, type ReadingHandler } from './reading-form';

export interface TankHandlers {
  readonly onOrder: OrderHandler;
  readonly onReading: ReadingHandler;
}

/** All about one tank: how full it is, how long that lasts, what to do next. */
export function tankCard(
  tank: Tank,
  readings: readonly Reading[],
  fuels: readonly Product[],
  { onOrder, onReading }: TankHandlers,
): HTMLElement {
  const card = element('article', { class: 'tank' }, element('h3', {}, tank.name));
  if (tank.latest) {
    card.append(gauge(tank.latest.litres / tank.capacityLitres));
  }
  card.append(element('p', {}, level(tank)), element('p', {}, outlook(readings)), readingForm(tank, onReading));
  if (tank.latest && fuels.length > 0) {
    card.append(orderForm(tank, fuels, onOrder));
  }
  return card;
}

function level({ latest, capacityLitres }: Tank): string {
  if (!latest) {
    return `No reading yet; holds ${litres(capacityLitres)}.`;
  }
  const share = percent(latest.litres / capacityLitres);
  return `${litres(latest.litres)} of ${litres(capacityLitres)} (${share}).`;
}

function outlook(readings: readonly Reading[]): string {
  const left = daysUntilEmpty(readings);
  return left === undefined ? 'Too few readings for a forecast.' : `Empty in about ${days(left)}.`;
}
