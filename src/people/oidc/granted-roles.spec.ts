import { parseRoleMap } from '../../config/role-map';
import { grantedRoles, valuesOf } from './granted-roles';

const MAP = parseRoleMap('acme:viewer=all,acme:admin=leads,acme:operator=on-call,beta:operator=on-call');

describe('the roles that a provider grants', () => {
  it.each<[values: string[], granted: object[]]>([
    [
      ['all'],
      [
        { account_id: 'acme', role: 'viewer' },
        { account_id: 'beta', role: null },
      ],
    ],
    [
      ['on-call', 'leads', 'all'],
      [
        { account_id: 'acme', role: 'admin' },
        { account_id: 'beta', role: 'operator' },
      ],
    ],
    [
      ['Leads', 'lead'],
      [
        { account_id: 'acme', role: null },
        { account_id: 'beta', role: null },
      ],
    ],
  ])('by %j are the strongest of each account that the map names', (values, granted) => {
    expect(grantedRoles(MAP, values)).toEqual(granted);
  });

  it('come first where there are some', () => {
    const map = parseRoleMap('acme:admin=leads,beta:viewer=all');
    expect(grantedRoles(map, ['all'])).toEqual([
      { account_id: 'beta', role: 'viewer' },
      { account_id: 'acme', role: null },
    ]);
  });
});

it.each<[claim: unknown, values: string[]]>([
  ['leads', ['leads']],
  [
    ['leads', 7, null, 'all'],
    ['leads', 'all'],
  ],
  [undefined, []],
  [{ leads: true }, []],
])('the values of the claim %j are %j', (claim, values) => {
  expect(valuesOf(claim)).toEqual(values);
});
