import { describe, expect, it } from '@jest/globals';
import { element, required } from './element';

describe('element', () => {
  it('never reads text as markup', () => {
    const made = element('p', {}, '<img src=x>');
    expect(made.children).toHaveLength(0);
    expect(made.textContent).toBe('<img src=x>');
  });

  it('writes true as an empty attribute and leaves false out', () => {
    const made = element('input', { required: true, disabled: false, max: 3 });
    expect(made.outerHTML).toBe('<input required="" max="3">');
  });
});

describe('required', () => {
  it('finds an element of the right kind, else says which is missing', () => {
    document.body.replaceChildren(element('form', { id: 'sign-in' }));
    expect(required('#sign-in', HTMLFormElement).id).toBe('sign-in');
    expect(() => required('#sign-in', HTMLInputElement)).toThrow('the page has no #sign-in');
  });
});
