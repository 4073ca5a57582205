import { expect, it, jest } from '@jest/globals';
import { newTankForm, type NewTankHandler } from './new-tank-form';

it('hands the new tank on and empties itself', () => {
  const onNewTank = jest.fn<NewTankHandler>();
  const form = newTankForm(onNewTank);
  const [name, capacity] = form.querySelectorAll('input');
  if (name && capacity) {
    name.value = ' Cellar ';
    capacity.value = '2000';
  }
  form.dispatchEvent(new SubmitEvent('submit', { cancelable: true }));

  expect(onNewTank).toHaveBeenCalledWith({ name: 'Cellar', capacityLitres: 2000 });
  expect(name?.value).toBe('');
});
