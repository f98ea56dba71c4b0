import { bodyText } from './body-text';

describe('bodyText', () => {
  it.each([
    [undefined, Buffer.from('größer')],
    ['text/html', Buffer.from('größer')],
    ['text/html; charset=utf-8', Buffer.from('\ufeffgrößer')],
    ['text/html; charset=ISO-8859-1', Buffer.from('größer', 'latin1')],
    ['text/html;x=1; CharSet="windows-1252"', Buffer.from('größer', 'latin1')],
    ['text/html; charset=utf-16le', Buffer.from('größer', 'utf16le')],
    ['text/html; charset=klingon', Buffer.from('größer')],
  ])('reads a body of type %s', (type, body) => {
    expect(bodyText(body, type)).toBe('größer');
  });
});
