import { COMMON_PASSWORDS } from './common-passwords';
import { LONGEST_PASSWORD, normalPassword, passwordFault, SHORTEST_PASSWORD } from './password-rules';

const EMAIL = 'ada@acme.example';

describe('a password', () => {
  it.each([
    'a dozen chars',
    'twelve chars',
    'x'.repeat(255) + 'y',
    '💥 counts as one char',
    '            .',
    'ADA@acme.example!',
  ])('may be %j', (password) => {
    expect(passwordFault(password, EMAIL)).toBeNull();
  });

  it.each([
    ['', /12 to 256/],
    ['eleven char', /12 to 256/],
    ['💥'.repeat(11), /12 to 256/],
    ['x'.repeat(256) + 'y', /12 to 256/],
    ['Ada@Acme.Example', /e-mail/],
    ['Password1234', /commonest/],
    ['1qaz2wsx3edc', /commonest/],
    ['Finalfantasy', /commonest/],
    ['correct horse battery staple', /commonest/],
    ['ｐａｓｓｗｏｒｄ１２３４', /commonest/],
    ['zzzzzzzzzzzz', /commonest/],
  ])('may not be %j', (password, fault) => {
    expect(passwordFault(password, EMAIL)).toMatch(fault);
  });

  it('is the same however it is typed', () => {
    expect(normalPassword('caf\u0065\u0301')).toBe(normalPassword('caf\u00e9'));
    expect(normalPassword('\ud800')).toBe('\ufffd');
  });
});

it('common passwords are many, ones that could be chosen, in lower case', () => {
  expect(COMMON_PASSWORDS.size).toBeGreaterThan(1_000);
  for (const password of COMMON_PASSWORDS) {
    expect(password).toBe(normalPassword(password).toLowerCase());
    expect(password.length).toBeGreaterThanOrEqual(SHORTEST_PASSWORD);
    expect(password.length).toBeLessThanOrEqual(LONGEST_PASSWORD);
  }
});
