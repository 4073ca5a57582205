import type { NewTank } from '../api/types';
import { element } from '../page/element';

const SMALLEST_LITRES = 100;
const LARGEST_LITRES = 100_000;

export type NewTankHandler = (tank: NewTank) => void;

/** Registers another tank; the API checks the same limits again. */
export function newTankForm(onNewTank: NewTankHandler): HTMLFormElement {
  const name = element('input', { id: 'new-name', type: 'text', maxlength: 60, required: true });
  const capacity = element('input', {
    id: 'new-capacity',
    type: 'number',
    min: SMALLEST_LITRES,
    max: LARGEST_LITRES,
    step: 1,
    required: true,
  });
  const form = element(
    'form',
    { class: 'inline-form' },
    element('label', { for: name.id }, 'Name'),
    name,
    element('label', { for: capacity.id }, 'Capacity in litres'),
    capacity,
    element('button', { type: 'submit' }, 'Add tank'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onNewTank({ name: name.value.trim(), capacityLitres: Number(capacity.value) });
    form.reset();
  });
  return form;
}
