import { Global, Module } from '@nestjs/common';
import { SecretBox } from './secret-box';

/** Keeps secrets in the database unreadable, for whoever stores one. */
@Global()
@Module({ providers: [SecretBox], exports: [SecretBox] })
export class SecretsModule {}
