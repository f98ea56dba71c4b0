import { Injectable } from '@nestjs/common';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import { AuthSecret } from '../../accounts/auth-secret';
import type { Challenge } from './openid-provider';

/** So long somebody may take to log in at the provider. */
export const TICKET_S = 600;

/** Whose turn of the login a ticket is for. */
const AUDIENCE = 'signalbox:oidc';

const ENCRYPTION = { alg: 'dir', enc: 'A256GCM' } as const;

/**
 * What a login by the provider has to come back with, kept by the browser that began it and readable to nobody: no
 * process has to remember it, and whoever comes back in another browser comes back to nothing.
 */
@Injectable()
export class LoginTicket {
  private readonly key: Uint8Array;

  constructor(secret: AuthSecret) {
    this.key = secret.keyFor('login tickets');
  }

  seal(challenge: Challenge): Promise<string> {
    return new EncryptJWT({ ...challenge })
      .setProtectedHeader(ENCRYPTION)
      .setAudience(AUDIENCE)
      .setExpirationTime(`${TICKET_S} s`)
      .encrypt(this.key);
  }

  /** What was sealed; null where it is no ticket of ours, or has expired. */
  async open(ticket: string): Promise<Challenge | null> {
    try {
      const { payload } = await jwtDecrypt<{ state: string; nonce: string; code_verifier: string }>(
        ticket,
        this.key,
        {
          keyManagementAlgorithms: [ENCRYPTION.alg],
          contentEncryptionAlgorithms: [ENCRYPTION.enc],
          audience: AUDIENCE,
          requiredClaims: ['state', 'nonce', 'code_verifier', 'exp'],
        },
      );
      const { state, nonce, code_verifier } = payload;
      return { state, nonce, code_verifier };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
