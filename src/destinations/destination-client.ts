import type { EntityManager } from 'typeorm';
import { BreakerOpenError, type CircuitBreaker } from '../reliability/circuit-breaker';
import type { Destination, Message } from './destination';
import { masked, maskedError } from './masked';
import { MAX_RESPONSE_BYTES, NOTHING, type Sender, type SendResult, type Sent } from './send-result';

/** What new triggers go through, as a transaction sees it: a fingerprint of what is kept, or null for nothing. */
export type CurrentCredential = (tx: EntityManager, now: number) => Promise<string | null>;

/** Carries the result of an attempt that counts against the breaker through it. */
class SickAnswer extends Error {
  constructor(readonly result: SendResult) {
    super('the destination is sick');
  }
}

/** Sends messages to one destination: always through its circuit breaker, and shows no secret in what comes of it. */
export class DestinationClient {
  /**
   * @param name in the outbox and the log
   * @param kind in metrics, where there may not be as many names as accounts make
   */
  constructor(
    readonly name: string,
    readonly kind: string,
    readonly breaker: CircuitBreaker,
    readonly currentCredential: CurrentCredential,
    private readonly destination: Destination,
    private readonly sender: Sender,
  ) {}

  /**
   * Makes one attempt. Never throws for the destination's sake; `signal` aborts it.
   *
   * @throws whatever the destination's own code throws while it builds the message, without the secrets
   */
  async send(message: Message, signal: AbortSignal): Promise<SendResult> {
    const secrets = this.destination.secretsIn(message.credential);
    try {
      const result = await this.breaker.call(
        async () => told(await this.sender.send(message, signal)),
        (error) => error instanceof SickAnswer,
      );
      return withoutSecrets(result, secrets);
    } catch (error) {
      if (error instanceof SickAnswer) return withoutSecrets(error.result, secrets);
      if (!(error instanceof BreakerOpenError)) throw maskedError(error, secrets);
      return { ...NOTHING, outcome: 'released', error: 'the circuit breaker is open' };
    }
  }

  /** Ends its connections, and its breaker. */
  async close(): Promise<void> {
    this.breaker.dispose();
    await this.sender.close();
  }
}

function told({ result, isSick }: Sent): SendResult {
  if (isSick) throw new SickAnswer(result);
  return result;
}

function withoutSecrets(result: SendResult, secrets: readonly string[]): SendResult {
  const { error, response } = result;
  return {
    ...result,
    error: error === null ? null : masked(error, secrets),
    response: response === null ? null : masked(response, secrets, isFull(response)),
  };
}

/** Whether there may have been more of an answer. */
function isFull(response: string): boolean {
  return Buffer.byteLength(response) >= MAX_RESPONSE_BYTES;
}
