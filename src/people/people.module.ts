import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { AuthController } from './auth.controller';
import { InvitationsController } from './invitations.controller';
import { InvitationsRepository } from './invitations.repository';
import { LogIn } from './log-in';
import { LoginAttempts } from './login-attempts';
import { LoginTicket } from './oidc/login-ticket';
import { OidcController } from './oidc/oidc.controller';
import { OpenIdProvider } from './oidc/openid-provider';
import { ProviderLogin } from './oidc/provider-login';
import { PasswordCheck } from './password-check';
import { PasswordHasher } from './password-hasher';
import { PeopleRetention } from './people-retention';
import { PeopleController } from './people.controller';
import { PeopleRepository } from './people.repository';
import { PersonAudit } from './person-audit';
import { Places } from './places';
import { Sessions } from './sessions';
import { TokenAnswers } from './token-answers';

/** People: who they are, how they log in, and how they come and go. */
@Module({
  imports: [AccountsModule],
  controllers: [AuthController, OidcController, PeopleController, InvitationsController],
  providers: [
    PeopleRepository,
    InvitationsRepository,
    PersonAudit,
    Sessions,
    LoginAttempts,
    PasswordHasher,
    PasswordCheck,
    Places,
    LogIn,
    TokenAnswers,
    OpenIdProvider,
    LoginTicket,
    ProviderLogin,
    PeopleRetention,
  ],
})
export class PeopleModule {}
