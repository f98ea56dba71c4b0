import { judge, type WatchedState } from './watched-worker';

const PATIENCE_MS = 1_000;

function judged(state: Partial<WatchedState>, now: number): string {
  return judge({ progressAt: 0, isRebuilt: false, isWorkDue: true, ...state }, now, PATIENCE_MS);
}

describe('a worker of a queue', () => {
  it('is fine while it makes progress, however much there is to do', () => {
    expect(judged({ progressAt: 500 }, 1_499)).toBe('fine');
    expect(judged({}, PATIENCE_MS - 1)).toBe('fine');
  });

  it('is fine without progress where nothing is to be done', () => {
    expect(judged({ isWorkDue: false }, 1_000_000)).toBe('fine');
    expect(judged({ isWorkDue: false, isRebuilt: true }, 1_000_000)).toBe('fine');
  });

  it('is made anew where it stands still although work is due', () => {
    expect(judged({}, PATIENCE_MS)).toBe('rebuild');
  });

  it('is given up where that has not helped, after as long a time', () => {
    expect(judged({ isRebuilt: true }, PATIENCE_MS - 1)).toBe('fine');
    expect(judged({ isRebuilt: true }, PATIENCE_MS)).toBe('give_up');
  });
});
