import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { VERSION } from '../config/version';
import { iso, isoOrNull } from '../normalization/instant';
import type { Outcome } from '../outbox/outcome';
import { userTargets } from '../reliability/address-guard';
import type { HttpAnswer, HttpDestination, Message, OutgoingRequest } from './destination';
import { REDACTED, secretsOf, type Field, type SettingsOf } from './fields';
import { outcomeOfStatus } from './http-outcome';
import type { Configurable } from './kind';
import { messageIdOf } from './message-id';
import { readTargetUrl, secretTexts } from './target-url';
import { readSigningSecret, secretPart, signatureHeaders } from './webhook-signature';

/** As many as can be in use while one takes the other's place everywhere. */
const MAX_PREVIOUS_SECRETS = 4;

type WebhookFields = {
  readonly url: Field<string>;
  readonly secret: Field<string>;
  readonly previous_secrets: Field<readonly string[]>;
};

/** Any receiver of Standard Webhooks (https://www.standardwebhooks.com). */
@Injectable()
export class WebhookDestination implements HttpDestination, Configurable<WebhookFields> {
  readonly type = 'webhook';
  readonly sentBy = 'http';
  readonly isUsersUrl = true;
  readonly unavailable = null;
  readonly fields: WebhookFields;

  constructor(settings: Settings) {
    const addresses = userTargets(settings);
    this.fields = {
      url: {
        parse: (value) => readTargetUrl(value, addresses),
        shown: (url) => url.replace(/\?.*/, `?${REDACTED}`),
        secretsIn: (url) => secretTexts(new URL(url).search.slice(1)),
      },
      secret: {
        parse: readSigningSecret,
        shown: () => REDACTED,
        secretsIn: (secret) => [secretPart(secret)],
      },
      previous_secrets: {
        parse: readPreviousSecrets,
        fallback: [],
        shown: (secrets) => secrets.map(() => REDACTED),
        secretsIn: (secrets) => secrets.map(secretPart),
      },
    };
  }

  placeOf({ url }: SettingsOf<WebhookFields>): string {
    return url;
  }

  secretsIn(credential: string): readonly string[] {
    return secretsOf(this.fields, credential);
  }

  request(message: Message): OutgoingRequest {
    const settings = JSON.parse(message.credential) as SettingsOf<WebhookFields>;
    const { url, secret, previous_secrets } = settings;
    const body = JSON.stringify(payloadOf(message));
    const id = `msg_${messageIdOf(message, message.delivery_id)}`;
    const headers = {
      'content-type': 'application/json',
      'user-agent': `Signalbox/${VERSION}`,
      ...(message.request_id === null ? {} : { 'x-request-id': message.request_id }),
      ...signatureHeaders(id, message.sent_at, body, [secret, ...previous_secrets]),
    };
    return { url, headers, body };
  }

  /** Whatever a receiver says with a 2xx: many say it as a page. */
  outcomeOf({ status }: HttpAnswer): Outcome {
    return outcomeOfStatus(status);
  }
}

/** What is posted: the three members that Standard Webhooks advises, with the event's newest state as `data`. */
function payloadOf({ action, event }: Message): unknown {
  const { account_id, event_id, revision, source, kind, severity, service, type, user_id } = event;
  return {
    type: action === 'trigger' ? 'event.triggered' : 'event.resolved',
    timestamp: iso(event.updated_at),
    data: {
      ...{ account_id, event_id, revision, source, kind, severity, service, type, user_id },
      summary: event.summary,
      description: event.description,
      started_at: iso(event.started_at),
      resolved_at: isoOrNull(event.resolved_at),
      updated_at: iso(event.updated_at),
    },
  };
}

function readPreviousSecrets(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > MAX_PREVIOUS_SECRETS) {
    throw new Error(`must be a list of at most ${MAX_PREVIOUS_SECRETS} secrets`);
  }
  return value.map(readSigningSecret);
}
