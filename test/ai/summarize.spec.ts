import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AiModule } from '../../src/ai/ai.module';
import { ConfigModule } from '../../src/config/config.module';
import { Settings } from '../../src/config/settings';
import { createHttpAdapter } from '../../src/http/http-adapter';
import { HttpModule } from '../../src/http/http.module';

@Module({})
class AiOnlyModule {}

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  const settings = Settings.load({ NODE_ENV: 'test' });
  const module = { module: AiOnlyModule, imports: [ConfigModule.with(settings), HttpModule, AiModule] };
  app = await NestFactory.create<NestFastifyApplication>(module, createHttpAdapter(settings), {
    bodyParser: false,
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/ai/summarize`;
});

afterAll(async () => {
  await app.close();
});

async function post(text: string): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: text });
  return { status: response.status, body: await response.json() };
}

describe('POST /ai/summarize', () => {
  it('sums up a text and suggests a severity', async () => {
    const text = 'Multiple payment failures detected across APAC region...';
    expect(await post(JSON.stringify({ text }))).toEqual({
      status: 200,
      body: { summary: 'Payment failures in APAC', suggested_severity: 'critical' },
    });
  });

  it.each([
    ['one character', 'x'],
    ['20,000 characters', 'x'.repeat(20_000)],
    ['20,000 emoji', '💥'.repeat(20_000)],
    ['spaces around a word', ' x '],
    ['lone surrogates and NUL', '\uD83D\0'],
  ])('takes %s', async (_, text) => {
    expect((await post(JSON.stringify({ text }))).status).toBe(200);
  });

  it.each([
    ['no text', '{}'],
    ['an empty text', '{"text":""}'],
    ['a blank text', '{"text":" \\n\\t\\u00a0"}'],
    ['20,001 characters', JSON.stringify({ text: 'x'.repeat(20_001) })],
    ['a megabyte', JSON.stringify({ text: 'x'.repeat(1_000_000) })],
    ['a number', '{"text":7}'],
    ['null', '{"text":null}'],
    ['a list', '{"text":["x"]}'],
    ['an object with a length', '{"text":{"length":1}}'],
    ['a text by way of __proto__', '{"__proto__":{"text":"x"}}'],
    ['an array', '["x"]'],
    ['a string', '"x"'],
    ['no object', 'null'],
    ['no JSON', '{"text"'],
    ['100,000 levels of nesting', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('refuses %s with 400', async (_, body) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { statusCode: 400, error: 'Bad Request' } });
  });
});
