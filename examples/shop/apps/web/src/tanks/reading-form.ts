import type { Tank } from '../api/types';
import { element } from '../page/element';

export type ReadingHandler = (tank: Tank, litres: number) => void;

export function readingForm(tank: Tank, onReading: ReadingHandler): HTMLFormElement {
  const id = `level-${tank.id}`;
  const input = element('input', { id, type: 'number', min: 0, max: tank.capacityLitres, step: 1, required: true });
  const form = element(
    'form',
    { class: 'inline-form' },
    element('label', { for: id }, 'Level in litres'),
    input,
    element('button', { type: 'submit' }, 'Send reading'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onReading(tank, Number(input.value));
  });
  return form;
}
