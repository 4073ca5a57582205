import { describe, expect, it } from '@jest/globals';
import { maySee, principalFrom } from './principal';

describe('principalFrom', () => {
  it('reads who and which role', () => {
    expect(principalFrom({ sub: 'ada', role: 'customer', iat: 1 })).toEqual({ id: 'ada', role: 'customer' });
  });

  it.each([null, 'ada', {}, { sub: 'ada' }, { sub: '', role: 'customer' }, { sub: 1, role: 'customer' }])(
    'takes %j for nobody',
    (claims) => {
      expect(principalFrom(claims)).toBeUndefined();
    },
  );
});

describe('maySee', () => {
  it('holds for the owner and for operators', () => {
    expect(maySee({ id: 'ada', role: 'customer' }, 'ada')).toBe(true);
    expect(maySee({ id: 'olga', role: 'operator' }, 'ada')).toBe(true);
    expect(maySee({ id: 'bob', role: 'customer' }, 'ada')).toBe(false);
  });
});
