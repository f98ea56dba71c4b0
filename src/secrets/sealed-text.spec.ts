import fc from 'fast-check';
import { keyIdOf, openText, sealingKey, sealText, UnreadableSecretError } from './sealed-text';

const KEY = sealingKey(Buffer.alloc(32, 1));
const OTHER = sealingKey(Buffer.alloc(32, 2));
const sealed = sealText('sesame', 'door 1', KEY);

describe('a sealed text', () => {
  it('opens again, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        const one = sealText(text, context, KEY);
        expect(openText(one, context, [OTHER, KEY])).toBe(text);
        expect(keyIdOf(one)).toBe(KEY.id);
      }),
    );
  });

  it('is another each time, and does not show what is in it', () => {
    expect(sealText('sesame', 'door 1', KEY)).not.toBe(sealed);
    expect(Buffer.from(sealed.split(':')[3]!, 'base64url').toString('latin1')).not.toContain('sesame');
  });

  it('opens with no other key, nor as something else, nor changed', () => {
    expect(() => openText(sealed, 'door 1', [OTHER])).toThrow(UnreadableSecretError);
    expect(() => openText(sealed, 'door 1', [])).toThrow(UnreadableSecretError);
    expect(() => openText(sealed, 'door 2', [KEY])).toThrow(UnreadableSecretError);
    expect(() => openText(sealed, 'door 1', [{ ...OTHER, id: KEY.id }])).toThrow(UnreadableSecretError);
    const content = sealed.split(':')[3]!;
    for (const at of [0, 16, 20, content.length - 2]) {
      const letter = content[at] === 'A' ? 'B' : 'A';
      const changed = sealed.replace(content, content.slice(0, at) + letter + content.slice(at + 1));
      expect(() => openText(changed, 'door 1', [KEY])).toThrow(UnreadableSecretError);
    }
    for (const short of ['', 'AAAA', 'A'.repeat(37)]) {
      expect(() => openText(`sealed:1:${KEY.id}:${short || '-'}`, 'door 1', [KEY])).toThrow(
        UnreadableSecretError,
      );
    }
  });

  it.each(['', 'sealed', '["whsec_plain"]', 'sealed:2:00000000:AAAA', '{"url":"sealed:1:"}'])(
    'is none that was never sealed: %j',
    (text) => {
      expect(openText(text, 'door 1', [KEY])).toBe(text);
      expect(keyIdOf(text)).toBeNull();
    },
  );
});
