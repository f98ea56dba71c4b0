import type { ReactNode } from 'react';
import { Route, Switch } from 'wouter';
import { Frame } from './layout/frame';
import { LiveProvider } from './live/live';
import { NowPage } from './pages/now/now-page';
import { lazyPage } from './parts/lazy-page';
import { NotFound } from './parts/not-found';
import { Waiting } from './parts/waiting';
import { Join, openInvitation } from './session/join';
import { useSession } from './session/session';
import { SignIn } from './session/sign-in';

// Each is loaded when it is first looked at, so that the first page is there soon.
const EventsPage = lazyPage(() =>
  import('./pages/events/events-page').then((m) => ({ default: m.EventsPage })),
);
const EventPage = lazyPage(() => import('./pages/events/event-page').then((m) => ({ default: m.EventPage })));
const DeliveriesPage = lazyPage(() =>
  import('./pages/deliveries/deliveries-page').then((m) => ({ default: m.DeliveriesPage })),
);
const SourcesPage = lazyPage(() =>
  import('./pages/sources/sources-page').then((m) => ({ default: m.SourcesPage })),
);
const MonitorsPage = lazyPage(() =>
  import('./pages/monitors/monitors-page').then((m) => ({ default: m.MonitorsPage })),
);
const MonitorPage = lazyPage(() =>
  import('./pages/monitors/monitor-page').then((m) => ({ default: m.MonitorPage })),
);
const SlosPage = lazyPage(() => import('./pages/slos/slos-page').then((m) => ({ default: m.SlosPage })));
const SloPage = lazyPage(() => import('./pages/slos/slo-page').then((m) => ({ default: m.SloPage })));
const ReportPage = lazyPage(() =>
  import('./pages/slos/report-page').then((m) => ({ default: m.ReportPage })),
);
const RoutesPage = lazyPage(() =>
  import('./pages/routes/routes-page').then((m) => ({ default: m.RoutesPage })),
);
const AccountsPage = lazyPage(() =>
  import('./pages/accounts/accounts-page').then((m) => ({ default: m.AccountsPage })),
);

/** The console: a sign-in where one is needed, else its pages. */
export function App(): ReactNode {
  const { state } = useSession();
  const invitation = openInvitation();
  if (invitation !== null && state.kind !== 'starting') return <Join token={invitation} />;
  switch (state.kind) {
    case 'starting':
      return <Waiting label="Starting" />;
    case 'signed-out':
      return <SignIn reason={state.reason} />;
    case 'signed-in':
      return <SignedIn />;
  }
}

function SignedIn(): ReactNode {
  return (
    <LiveProvider>
      <Frame>
        <Switch>
          <Route path="/" component={NowPage} />
          <Route path="/console" component={NowPage} />
          <Route path="/console/events" component={EventsPage} />
          <Route path="/console/event" component={EventPage} />
          <Route path="/console/deliveries" component={DeliveriesPage} />
          <Route path="/console/sources" component={SourcesPage} />
          <Route path="/console/monitors" component={MonitorsPage} />
          <Route path="/console/monitor" component={MonitorPage} />
          <Route path="/console/slos" component={SlosPage} />
          <Route path="/console/slo" component={SloPage} />
          <Route path="/console/report" component={ReportPage} />
          <Route path="/console/routes" component={RoutesPage} />
          <Route path="/console/accounts" component={AccountsPage} />
          <Route component={NotFound} />
        </Switch>
      </Frame>
    </LiveProvider>
  );
}
