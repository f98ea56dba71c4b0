import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../config/config.module';
import { Settings } from '../config/settings';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { BreakerOpenError } from './circuit-breaker';
import { CircuitBreakers } from './circuit-breakers';
import { ReliabilityModule } from './reliability.module';

@Module({
  imports: [ConfigModule.with(Settings.load({ NODE_ENV: 'test' })), TelemetryModule, ReliabilityModule],
})
class Application {}

it('provides the breakers, and stops them with the application', async () => {
  const application = await NestFactory.createApplicationContext(Application, { logger: false });
  const breaker = application.get(CircuitBreakers).named('peer');
  const answer = (): Promise<string> =>
    breaker.call(
      () => Promise.resolve('answer'),
      () => true,
    );
  await expect(answer()).resolves.toBe('answer');
  await application.close();
  await expect(answer()).rejects.toThrow(BreakerOpenError);
});
