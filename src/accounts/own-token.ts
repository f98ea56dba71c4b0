import { createHmac } from 'node:crypto';
import type { Settings } from '../config/settings';

/**
 * The token by which the service's processes know each other, null where there are no credentials. Derived, so that
 * every process makes the same one and nobody has to configure it; it does not give away what it was made from.
 */
export function ownToken({ ADMIN_TOKEN }: Settings): string | null {
  if (ADMIN_TOKEN === undefined) return null;
  return createHmac('sha256', ADMIN_TOKEN).update('signalbox: a process to another').digest('base64url');
}
