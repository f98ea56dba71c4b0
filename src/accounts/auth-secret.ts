import { hkdfSync, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { secretFile } from './secret-file';

const KEY_BYTES = 32;

/**
 * What people's tokens are signed with: AUTH_SECRET, or one that is made once and kept beside the database of the
 * embedded profile. A process of the scaled profile that serves no API needs none, and accepts nobody's tokens.
 */
@Injectable()
export class AuthSecret {
  private readonly secret: string;

  constructor(settings: Settings) {
    const made = randomBytes(KEY_BYTES).toString('base64url');
    const path = join(dirname(settings.sqlitePath), 'auth-secret');
    this.secret = settings.AUTH_SECRET ?? (settings.isPostgres ? made : secretFile(path, made));
  }

  /** The key for one purpose, of 32 bytes (HKDF, RFC 5869): keys of different purposes say nothing of each other. */
  keyFor(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.secret, '', `signalbox: ${purpose}`, KEY_BYTES));
  }
}
