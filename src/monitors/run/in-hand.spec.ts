import { InHand } from './in-hand';

const given = { next_at: 1_000, host: 'a.example', until: 5_000 };

describe('what is in hand', () => {
  it('is given once, until its time is over', () => {
    const inHand = new InHand();
    expect(inHand.has('one', 1_000)).toBe(false);
    inHand.give('one', given);
    expect(inHand.has('one', 4_999)).toBe(true);
    expect(inHand.has('one', 5_000)).toBe(false);
  });

  it('counts for its host, also where it is given again', () => {
    const inHand = new InHand();
    inHand.give('one', given);
    inHand.give('one', given);
    inHand.give('two', given);
    inHand.give('three', { ...given, host: null });
    expect(inHand.countAt('a.example')).toBe(2);
    inHand.take('one');
    inHand.take('one');
    inHand.take('three');
    expect(inHand.countAt('a.example')).toBe(1);
  });

  it('is taken when it is not due any more, or for a later slot', () => {
    const inHand = new InHand();
    for (const id of ['still', 'later', 'done']) inHand.give(id, given);
    inHand.takeDone(new Map([['still', 1_000], ['later', 2_000]])); // prettier-ignore
    expect(['still', 'later', 'done'].filter((id) => inHand.has(id, 1_000))).toEqual(['still']);
  });
});
