import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { HttpModule } from '../http/http.module';
import { Access } from './access';
import { AccessGuard } from './access.guard';
import { AccessTokens } from './access-tokens';
import { AccountLimits } from './account-limits';
import { AccountRemovals } from './account-removals';
import { AccountsController } from './accounts.controller';
import { AccountsRepository } from './accounts.repository';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysRepository } from './api-keys.repository';
import { Audit } from './audit/audit';
import { AuditController } from './audit/audit.controller';
import { AuthSecret } from './auth-secret';
import { Credentials } from './credentials';
import { KeyUse } from './key-use';
import { KnownAccounts } from './known-accounts';
import { KnownKeys } from './known-keys';
import { KnownSessions } from './known-sessions';
import { OpenAccounts } from './open-accounts';
import { PersonCredentials } from './person-credentials';

/** Accounts, their keys and limits, who may do what, and who did what. */
@Module({
  imports: [HttpModule],
  controllers: [AccountsController, ApiKeysController, AuditController],
  providers: [
    AccountRemovals,
    AccountsRepository,
    ApiKeysRepository,
    KnownAccounts,
    KnownKeys,
    KeyUse,
    AuthSecret,
    AccessTokens,
    KnownSessions,
    PersonCredentials,
    Audit,
    Credentials,
    Access,
    AccountLimits,
    OpenAccounts,
    // After the throttle's, which HttpModule brings: who floods with wrong credentials is refused before they are read.
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [
    AccountRemovals,
    AccountsRepository,
    KnownAccounts,
    AccountLimits,
    Access,
    AuthSecret,
    AccessTokens,
    KnownSessions,
    Audit,
    OpenAccounts,
  ],
})
export class AccountsModule {}
