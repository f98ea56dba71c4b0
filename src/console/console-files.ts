import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../config/version';

/** Where `npm run build` puts the console: apart from this code, and the same from the sources and from the build. */
export const CONSOLE_FOLDER = join(PACKAGE_ROOT, 'dist', 'console', 'web');

/** What the page's text has where values of this answer belong. */
const NONCE = '{{nonce}}';
const FACTS = '{{facts}}';

/** What the page has to know before it can ask the API anything. */
export interface ConsoleFacts {
  /** Whether people have to sign in. */
  readonly sign_in: boolean;
  /** Whether they can do so by way of an OpenID provider. */
  readonly oidc: boolean;
}

/** The console's one page, into which each answer writes a nonce of its own. */
export class ConsolePage {
  private constructor(
    private readonly before: string,
    private readonly after: string,
  ) {}

  /** The built page, or null where the console has not been built. */
  static load(facts: ConsoleFacts): ConsolePage | null {
    const path = join(CONSOLE_FOLDER, 'index.html');
    if (!existsSync(path)) return null;
    const text = readFileSync(path, 'utf8').replace(FACTS, attribute(JSON.stringify(facts)));
    const [before = '', after = ''] = text.split(NONCE);
    return new ConsolePage(before, after);
  }

  withNonce(nonce: string): string {
    return this.before + nonce + this.after;
  }
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
