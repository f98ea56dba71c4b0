import { text } from 'node:stream/consumers';
import { Webhook } from 'svix';

/**
 * Checks webhooks by Svix's own library. Reads a JSON array of them from stdin and writes a JSON array with what is
 * wrong with each, or null. A program of its own, because svix is published as ES modules alone.
 */

interface Signed {
  readonly secret: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

function faultOf({ secret, body, headers }: Signed): string | null {
  try {
    new Webhook(secret).verify(body, headers);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const webhooks = JSON.parse(await text(process.stdin)) as Signed[];
process.stdout.write(JSON.stringify(webhooks.map(faultOf)));
