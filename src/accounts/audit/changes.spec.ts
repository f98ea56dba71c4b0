import { changesBetween } from './changes';

describe('what changed', () => {
  it('is every field of what is new, and of what is gone', () => {
    expect(changesBetween(null, { role: 'admin' })).toEqual({ role: { from: null, to: 'admin' } });
    expect(changesBetween({ role: 'admin' }, null)).toEqual({ role: { from: 'admin', to: null } });
  });

  it('is only what differs, by value', () => {
    const before = { name: 'A', scopes: ['read'], limit: null };
    expect(changesBetween(before, { name: 'B', scopes: ['read'] })).toEqual({ name: { from: 'A', to: 'B' } });
    expect(changesBetween(before, { ...before })).toEqual({});
  });
});
