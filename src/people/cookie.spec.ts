import { cookie, readCookie } from './cookie';

describe('a cookie', () => {
  it.each([
    ['a=1', '1'],
    ['b=2; a=1', '1'],
    ['a=x=y', 'x=y'],
    ['aa=1; b=a=2', null],
    ['a=', null],
    ['', null],
    // Another page of the same site may have set one of its own: there is no telling which is ours.
    ['a=1; a=2', null],
  ])('is read from %j as %j', (header, value) => {
    expect(readCookie(header, 'a')).toBe(value);
  });

  it('is out of reach of scripts and other sites, and of plain connections where there is TLS', () => {
    const options = { path: '/auth', sameSite: 'Strict', maxAgeS: 60 } as const;
    const text = 'a=1; Path=/auth; Max-Age=60; HttpOnly; SameSite=Strict';
    expect(cookie('a', '1', { ...options, isSecure: false })).toBe(text);
    expect(cookie('a', '1', { ...options, isSecure: true })).toBe(`${text}; Secure`);
  });

  it('is removed by an empty value', () => {
    const options = { path: '/', sameSite: 'Lax', maxAgeS: 60, isSecure: false } as const;
    expect(cookie('a', '', options)).toBe('a=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax');
  });
});
