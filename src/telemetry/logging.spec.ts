import { Writable } from 'node:stream';
import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { Settings } from '../config/settings';
import { runInLogContext, type LogContext } from './log-context';
import { loggingOptions } from './logging';

/** A logger with the service's options, and the lines it has written. */
function start(environment = {}): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString().trim());
      done();
    },
  });
  const [options, destination] = loggingOptions(Settings.load(environment), stream).pinoHttp as [
    LoggerOptions,
    DestinationStream,
  ];
  return { logger: pino(options, destination), lines };
}

const parsed = (lines: string[]): unknown[] => lines.map((line) => JSON.parse(line) as unknown);

describe('a line of the log', () => {
  it('is JSON with its level as a word and its time in ISO 8601', () => {
    const { logger, lines } = start();
    logger.info({ a: 1 }, 'text');
    expect(parsed(lines)).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/) as unknown, a: 1, msg: 'text' },
    ]);
  });

  it('is written from LOG_LEVEL on', () => {
    const { logger, lines } = start({ LOG_LEVEL: 'warn' });
    logger.info('less');
    logger.warn('enough');
    expect(parsed(lines)).toEqual([expect.objectContaining({ msg: 'enough' })]);
  });

  it('shows no secret', () => {
    const { logger, lines } = start();
    logger.info(
      { authorization: 'x-1', routing_key: 'x-2', secret: 'x-3', 'stripe-signature': 'x-4' },
      'text',
    );
    expect(lines.join()).not.toContain('x-');
    expect(parsed(lines)).toEqual([expect.objectContaining({ routing_key: '[redacted]' })]);
  });

  it('tells of an error what it is, where it was, and its causes, and nothing that hangs on it', () => {
    const { logger, lines } = start();
    const cause = Object.assign(new TypeError('inner'), { code: 'E_INNER', parameters: ['private'] });
    logger.error({ err: Object.assign(new Error('outer', { cause }), { query: 'private' }) }, 'text');
    expect(parsed(lines)).toMatchObject([
      {
        err: {
          type: 'Error',
          message: 'outer',
          stack: expect.stringContaining('logging.spec') as unknown,
          cause: { type: 'TypeError', message: 'inner', code: 'E_INNER' },
        },
      },
    ]);
    expect(lines.join()).not.toContain('private');
  });

  it('follows a circle of causes only so far, and takes what is no error', () => {
    const { logger, lines } = start();
    const error = new Error('round');
    error.cause = error;
    logger.error({ err: error }, 'text');
    logger.error({ err: 'a word' }, 'text');
    expect(lines[0]?.match(/"message":"round"/g)).toHaveLength(5);
    expect(parsed(lines)[1]).toMatchObject({ err: 'a word' });
  });
});

describe('the request that a line is about', () => {
  const context = (requestId: string): LogContext => ({ requestId, isOver: false });

  it('is named in everything that it sets off, until it is over', async () => {
    const { logger, lines } = start();
    const one = context('one');
    logger.info('before');
    await new Promise<void>((resolve) => {
      runInLogContext(one, () => {
        logger.info('at once');
        setImmediate(() => {
          logger.info('later');
          one.isOver = true;
          logger.info('afterwards');
          resolve();
        });
      });
    });
    const ids = (parsed(lines) as { msg: string; request_id?: string }[]).map(({ msg, request_id }) => [
      msg,
      request_id,
    ]);
    expect(ids).toEqual([
      ['before', undefined],
      ['at once', 'one'],
      ['later', 'one'],
      ['afterwards', undefined],
    ]);
  });

  it('is the one that the line names itself, and named once', () => {
    const { logger, lines } = start();
    runInLogContext(context('one'), () => logger.info({ request_id: 'two' }, 'text'));
    expect(lines[0]?.match(/request_id/g)).toHaveLength(1);
    expect(parsed(lines)).toEqual([expect.objectContaining({ request_id: 'two' })]);
  });
});
