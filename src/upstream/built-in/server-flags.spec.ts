import { SLOW } from './server-conduct';
import { readFlags } from './server-flags';

describe('readFlags', () => {
  it('is slow, and otherwise well, where nothing is said', () => {
    expect(readFlags([])).toEqual({ port: 4010, conduct: SLOW, folder: undefined });
  });

  it('reads every flag', () => {
    const args =
      '--port 0 --delay 50 --failure-rate 0.25 --hang .5 --flapping 1000 --outage 0-10,20-30 --data /x';
    expect(readFlags(args.split(' '))).toEqual({
      port: 0,
      conduct: {
        delayMs: 50,
        failureRate: 0.25,
        hangRate: 0.5,
        flappingMs: 1_000,
        outages: [
          { fromMs: 0, untilMs: 10 },
          { fromMs: 20, untilMs: 30 },
        ],
      },
      folder: '/x',
    });
  });

  it('gives way to an explanation', () => {
    expect(readFlags(['--help'])).toBeNull();
  });

  it.each([
    [['--delay', 'soon'], '--delay must be a whole number from 0'],
    [['--delay', '-1'], /--delay/],
    [['--flapping', '0'], '--flapping must be a whole number from 1'],
    [['--failure-rate', '1.1'], '--failure-rate must be a number from 0 to 1'],
    [['--hang', 'often'], '--hang must be a number from 0 to 1'],
    [['--outage', '30-20'], /--outage must be of parts like/],
    [['--outage', '30'], /--outage must be of parts like/],
    [['--outrage', '1'], /outrage/],
  ])('names the fault of %j', (args, message) => {
    expect(() => readFlags(args)).toThrow(message);
  });
});
