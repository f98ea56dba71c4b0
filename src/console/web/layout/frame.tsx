import { ActionIcon, Button, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { useLiveState } from '../live/live';
import type { LiveState } from '../api/live';
import { facts } from '../facts';
import { Icon, type IconName } from '../parts/icon';
import { StateMark, type Tone } from '../parts/state-mark';
import { useSession } from '../session/session';
import { AccountChoice } from './account-choice';
import { Mark } from './mark';

interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** Pages that belong to it. */
  readonly also: readonly string[];
}

const PLACES: readonly Place[] = [
  { path: '/', label: 'Now', icon: 'pulse', also: ['/console'] },
  { path: '/console/events', label: 'Events', icon: 'list', also: ['/console/event'] },
  { path: '/console/deliveries', label: 'Deliveries', icon: 'send', also: [] },
  { path: '/console/sources', label: 'Sources', icon: 'inbox', also: [] },
  { path: '/console/monitors', label: 'Monitors', icon: 'eye', also: ['/console/monitor'] },
  {
    path: '/console/slos',
    label: 'SLOs',
    icon: 'target',
    also: ['/console/slo', '/console/report'],
  },
  { path: '/console/routes', label: 'Routes', icon: 'fork', also: [] },
  { path: '/console/accounts', label: 'Accounts', icon: 'people', also: [] },
];

const LIVE: Readonly<
  Record<LiveState, { readonly tone: Tone; readonly word: string; readonly title: string }>
> = {
  connecting: { tone: 'quiet', word: 'Connecting', title: 'Asking the service to tell what happens' },
  live: { tone: 'ok', word: 'Live', title: 'What happens is shown as it happens' },
  polling: {
    tone: 'unknown',
    word: 'Every 10 s',
    title: 'The live stream is away: the page asks every 10 seconds',
  },
};

/** What is around every page. In wall mode (`?wall=1`) nothing is. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const [path] = useLocation();
  const [search] = useSearchParams();
  const isWall = search.get('wall') === '1';
  const place = PLACES.find((one) => one.path === path || one.also.includes(path));
  useEffect(() => {
    document.title = place === undefined ? 'Signalbox' : `${place.label} · Signalbox`;
  }, [place]);
  return (
    <div className={isWall ? 'frame frame-wall' : 'frame'}>
      {!isWall && <Side current={place} account={search.get('account')} />}
      <main className="page" id="page" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Side({
  current,
  account,
}: {
  readonly current: Place | undefined;
  readonly account: string | null;
}): ReactNode {
  const query = account === null ? '' : `?account=${encodeURIComponent(account)}`;
  return (
    <header className="side">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <Mark />
      <nav aria-label="Pages">
        <ul>
          {PLACES.map((place) => (
            <li key={place.path}>
              <Link
                href={`${place.path}${query}`}
                className="side-link"
                aria-current={place === current ? 'page' : undefined}
              >
                <Icon name={place.icon} />
                {place.label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="side-foot">
        <AccountChoice />
        <LiveMark />
        <Foot />
      </div>
    </header>
  );
}

function LiveMark(): ReactNode {
  const { tone, word, title } = LIVE[useLiveState()];
  return (
    <span title={title} role="status">
      <StateMark tone={tone} word={word} />
    </span>
  );
}

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];
const SCHEME_ICONS: Readonly<Record<MantineColorScheme, IconName>> = {
  auto: 'half',
  light: 'sun',
  dark: 'moon',
};
const SCHEME_WORDS: Readonly<Record<MantineColorScheme, string>> = {
  auto: 'as the system',
  light: 'light',
  dark: 'dark',
};

function Foot(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { signOut } = useSession();
  const next = SCHEMES[(SCHEMES.indexOf(colorScheme) + 1) % SCHEMES.length] ?? 'auto';
  const label = `Colours: ${SCHEME_WORDS[colorScheme]}. Change to ${SCHEME_WORDS[next]}`;
  return (
    <div className="row">
      <ActionIcon variant="default" aria-label={label} title={label} onClick={() => setColorScheme(next)}>
        <Icon name={SCHEME_ICONS[colorScheme]} />
      </ActionIcon>
      <Button variant="default" size="compact-xs" component="a" href="/docs">
        API
      </Button>
      {facts.sign_in && (
        <Button variant="default" size="compact-xs" onClick={() => void signOut()}>
          Sign out
        </Button>
      )}
    </div>
  );
}
