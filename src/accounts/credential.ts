import type { Need } from '../http/need';
import type { RequestActor } from './actor';
import type { CallerIdentity } from './caller';
import type { Grant } from './scope';

/** What a request has shown to be let in, once it is known to be right. */
export type Credential =
  | { readonly kind: 'operator'; readonly by: RequestActor }
  | {
      readonly kind: 'account';
      readonly by: RequestActor;
      readonly account_id: string;
      readonly grants: readonly Grant[];
    }
  /** METRICS_TOKEN. */
  | { readonly kind: 'metrics' }
  /** The token that the service makes for itself. */
  | { readonly kind: 'service' };

/** Whether a credential opens a route that needs something. */
export function opens(credential: Credential, need: Need): boolean {
  if (need === 'none' || credential.kind === 'operator') return true;
  switch (credential.kind) {
    case 'metrics':
      return need === 'metrics' || need === 'docs';
    case 'service':
      return need === 'service';
    case 'account':
      if (need === 'person') return credential.by.kind === 'person';
      return credential.grants.some((grant) => grant === (need === 'docs' ? 'read' : need));
  }
}

/** On whose behalf a request with a credential comes; null for those that stand for nobody. */
export function callerOf(credential: Credential): CallerIdentity | null {
  switch (credential.kind) {
    case 'operator':
      return { isOperator: true, by: credential.by };
    case 'account':
      return {
        isOperator: false,
        by: credential.by,
        account_id: credential.account_id,
        grants: credential.grants,
      };
    case 'metrics':
    case 'service':
      return null;
  }
}
