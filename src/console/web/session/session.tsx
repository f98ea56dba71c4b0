import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { answered, api, authenticateWith } from '../api/client';
import { Problem, problemOf } from '../api/problem';
import type { Me } from '../api/types';
import { facts } from '../facts';
import { BACK, failedSignIn, showAskedPage } from './asked-page';

/** Remembers that there may be a session to take up again; the session itself is in a cookie that no script can read. */
const SIGNED_IN = 'signalbox.signed-in';

/** A person's access token is renewed so long before it ends. */
const RENEW_BEFORE_MS = 60_000;

/** What whoever looks may do. `viewer` sees, `operator` acts, `admin` manages, in one account or in all. */
export interface Identity {
  readonly me: Me;
  /** Whether all accounts are theirs to see. */
  readonly isOperator: boolean;
  readonly role: 'viewer' | 'operator' | 'admin';
}

export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'signed-out'; readonly reason: string | null }
  | { readonly kind: 'signed-in'; readonly identity: Identity };

interface Session {
  readonly state: SessionState;
  readonly signInWithPassword: (email: string, password: string) => Promise<void>;
  readonly signInWithKey: (key: string) => Promise<void>;
  /** Takes up an invitation. Who has a password already, for another account, shows it; others choose one. */
  readonly acceptInvitation: (token: string, password: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
}

/** A credential in memory: gone with the page. `endsAt` is null for a key, which has to be typed again. */
interface Held {
  readonly token: string;
  readonly endsAt: number | null;
}

/** What a login has brought. */
interface Login {
  readonly access_token: string;
  readonly expires_in: number;
}

const SessionContext = createContext<Session | null>(null);

/** Who looks, and how they sign in and out. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('outside of SessionProvider');
  return session;
}

/** Who looks. Only for what is shown to those who are signed in. */
export function useIdentity(): Identity {
  const { state } = useSession();
  if (state.kind !== 'signed-in') throw new Error('shown to somebody who is not signed in');
  return state.identity;
}

/** Keeps the credential, and asks who it belongs to. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const [state, setState] = useState<SessionState>({ kind: 'starting' });
  const held = useRef<Held | null>(null);
  const renewing = useRef<Promise<void> | null>(null);

  const forget = useCallback(
    (reason: string | null) => {
      held.current = null;
      localStorage.removeItem(SIGNED_IN);
      queries.clear();
      setState({ kind: 'signed-out', reason });
    },
    [queries],
  );

  const enter = useCallback(async () => {
    const me = await answered(api.GET('/auth/me'));
    setState({ kind: 'signed-in', identity: identityOf(me) });
  }, []);

  const renew = useCallback((): Promise<void> => {
    renewing.current ??= refresh()
      .then((renewed) => {
        held.current = renewed;
      })
      .finally(() => (renewing.current = null));
    return renewing.current;
  }, []);

  useEffect(() => {
    const token = async (): Promise<string | null> => {
      const { current } = held;
      if (current?.endsAt !== null && current !== null && Date.now() > current.endsAt - RENEW_BEFORE_MS) {
        try {
          await renew();
        } catch (error) {
          if (error instanceof Problem && !error.isPassing) refused();
          throw error;
        }
      }
      return held.current?.token ?? null;
    };
    const refused = (): void => {
      if (held.current !== null) forget('Your session is over, or the key was revoked. Sign in again.');
    };
    authenticateWith(token, refused);
    const start = async (): Promise<void> => {
      const isBack = localStorage.getItem(SIGNED_IN) !== null || location.hash === BACK;
      const failure = failedSignIn();
      if (failure !== null) showAskedPage();
      if (facts.sign_in && (failure !== null || !isBack)) return forget(failure);
      try {
        if (facts.sign_in) await renew();
        if (location.hash === BACK) showAskedPage();
        localStorage.setItem(SIGNED_IN, 'yes');
        await enter();
      } catch {
        forget(null);
      }
    };
    void start();
  }, [enter, forget, renew]);

  const takeUp = useCallback(
    async ({ access_token, expires_in }: Login): Promise<void> => {
      held.current = { token: access_token, endsAt: Date.now() + expires_in * 1_000 };
      localStorage.setItem(SIGNED_IN, 'yes');
      await enter();
    },
    [enter],
  );

  const session = useMemo<Session>(
    () => ({
      state,
      async signInWithPassword(email, password) {
        const body = { email, password, cookie: true };
        await takeUp(await answered(api.POST('/auth/login', { body })));
      },
      async acceptInvitation(token, password) {
        const body = { token, password, cookie: true };
        const login = await answered(api.POST('/auth/accept', { body }));
        history.replaceState(null, '', '/');
        await takeUp(login);
      },
      async signInWithKey(key) {
        held.current = { token: key, endsAt: null };
        try {
          await enter();
        } catch (error) {
          held.current = null;
          throw error;
        }
      },
      async signOut() {
        if (held.current?.endsAt !== null) await api.POST('/auth/logout', { body: {} });
        forget(null);
      },
    }),
    [state, enter, forget, takeUp],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Not through the client, which would wait for the very token that this brings. */
async function refresh(): Promise<Held> {
  const response = await fetch('/auth/refresh', { method: 'POST' });
  const body = (await response.json()) as { access_token: string; expires_in: number };
  if (!response.ok) throw problemOf(response.status, body, response.headers.get('x-request-id'));
  return { token: body.access_token, endsAt: Date.now() + body.expires_in * 1_000 };
}

function identityOf(me: Me): Identity {
  const isOperator = me.account_id === null;
  const own = me.accounts.find(({ account_id }) => account_id === me.account_id);
  return { me, isOperator, role: isOperator ? 'admin' : (own?.role ?? 'viewer') };
}
