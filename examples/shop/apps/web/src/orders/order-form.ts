import type { NewOrder, Product, Tank } from '../api/types';
import { element } from '../page/element';
import { money } from '../page/format';

export type OrderHandler = (order: NewOrder) => void;

/** Asks which fuel and how much; the quantity starts at the least one. */
export function orderForm(tank: Tank, fuels: readonly Product[], onOrder: OrderHandler): HTMLFormElement {
  const fuelId = `fuel-${tank.id}`;
  const quantityId = `quantity-${tank.id}`;
  const fuel = element(
    'select',
    { id: fuelId },
    ...fuels.map(({ id, name, priceCents }) => element('option', { value: id }, `${name}, ${money(priceCents)} a litre`)),
  );
  const quantity = element('input', { id: quantityId, type: 'number', step: 1, required: true });
  const followFuel = (): void => {
    const least = String(fuels[fuel.selectedIndex]?.leastQuantity ?? 1);
    quantity.min = least;
    quantity.value = least;
  };
  followFuel();
  fuel.addEventListener('change', followFuel);

  const form = element(
    'form',
    { class: 'inline-form' },
    element('label', { for: fuelId }, 'Fuel'),
    fuel,
    element('label', { for: quantityId }, 'Litres'),
    quantity,
    element('button', { type: 'submit' }, 'Order'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onOrder({ productId: fuel.value, tankId: tank.id, quantity: Number(quantity.value) });
  });
  return form;
}
