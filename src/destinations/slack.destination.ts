import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { VERSION } from '../config/version';
import type { Outcome } from '../outbox/outcome';
import { userTargets } from '../reliability/address-guard';
import type { HttpAnswer, HttpDestination, Message, OutgoingRequest } from './destination';
import { REDACTED, secretsOf, type Field, type SettingsOf } from './fields';
import { outcomeUnlessPage } from './http-outcome';
import type { Configurable } from './kind';
import { slackMessage } from './slack-message';
import { readTargetUrl, secretTexts } from './target-url';

type SlackFields = { readonly url: Field<string> };

/** A channel of Slack, or of whoever takes the same messages, by an incoming webhook: its URL is the secret. */
@Injectable()
export class SlackDestination implements HttpDestination, Configurable<SlackFields> {
  readonly type = 'slack';
  readonly sentBy = 'http';
  readonly isUsersUrl = true;
  readonly unavailable = null;
  readonly fields: SlackFields;

  constructor(settings: Settings) {
    const addresses = userTargets(settings);
    this.fields = {
      url: {
        parse: (value) => readTargetUrl(value, addresses),
        shown: (url) => `${new URL(url).origin}/${REDACTED}`,
        secretsIn: (url) => secretTexts(new URL(url).pathname, new URL(url).search),
      },
    };
  }

  placeOf({ url }: SettingsOf<SlackFields>): string {
    return url;
  }

  secretsIn(credential: string): readonly string[] {
    return secretsOf(this.fields, credential);
  }

  request(message: Message): OutgoingRequest {
    const { url } = JSON.parse(message.credential) as SettingsOf<SlackFields>;
    const headers = { 'content-type': 'application/json', 'user-agent': `Signalbox/${VERSION}` };
    return { url, headers, body: JSON.stringify(slackMessage(message)) };
  }

  /** Slack says `ok` as text/html, and so only the text tells a page from an answer. */
  outcomeOf(answer: HttpAnswer): Outcome {
    return outcomeUnlessPage(answer, answer.text.trimStart().startsWith('<'));
  }
}
