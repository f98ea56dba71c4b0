import { parseRoleMap } from './role-map';

describe('a map of roles', () => {
  it('says which value makes whom of which account', () => {
    expect(parseRoleMap('acme:admin=leads, acme:operator=/on-call=1,beta:viewer=All of us')).toEqual([
      { account_id: 'acme', role: 'admin', value: 'leads' },
      { account_id: 'acme', role: 'operator', value: '/on-call=1' },
      { account_id: 'beta', role: 'viewer', value: 'All of us' },
    ]);
  });

  it.each([
    'leads',
    'acme=leads',
    'acme:boss=leads',
    'acme:admin=',
    ':admin=leads',
    'acme:admin=leads,',
    '-:admin=a',
  ])('is none: %s', (text) => {
    expect(() => parseRoleMap(text)).toThrow(/^must be account:role=value/);
  });
});
