import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { EventsRepository } from '../../events/events.repository';
import type { EventEntity } from '../../events/event.entity';
import { AccountRules } from '../account-rules';
import { CompiledRoutes } from '../compiled-routes';
import type { Route } from '../route';
import { RoutesRepository } from '../routes.repository';
import { RoutingRulesReader } from '../routing-rules-reader';
import { LifeReader, type Period } from './life-reader';
import { PageTally, type DifferentPage } from './page-tally';

/** What a draft is tried with. */
export interface PreviewRequest extends Period {
  readonly draft: readonly Route[];
  /** Ends the preview, which then rejects. */
  readonly signal: AbortSignal;
}

/** What a draft would have changed. */
export interface PreviewResult {
  readonly tally: PageTally;
  /** The events of the pages that are shown, by their ids. */
  readonly events: ReadonlyMap<string, EventEntity>;
}

/** An account has a preview under way in this process. */
export class PreviewRunningError extends Error {
  constructor() {
    super('a preview of this account is under way');
    this.name = 'PreviewRunningError';
  }
}

/** Tries draft routes with stored events, beside the rules in force. */
@Injectable()
export class Preview {
  private readonly running = new Set<string>();

  constructor(
    private readonly routes: RoutesRepository,
    private readonly rules: RoutingRulesReader,
    private readonly lives: LifeReader,
    private readonly events: EventsRepository,
  ) {}

  /** @throws PreviewRunningError; what `signal` was aborted with */
  async run(request: PreviewRequest): Promise<PreviewResult> {
    const { account_id } = request;
    if (this.running.has(account_id)) throw new PreviewRunningError();
    this.running.add(account_id);
    try {
      const tally = await this.compare(request);
      return { tally, events: await this.eventsOf(account_id, [...tally.added, ...tally.removed]) };
    } finally {
      this.running.delete(account_id);
    }
  }

  private async compare({ draft, signal, ...period }: PreviewRequest): Promise<PageTally> {
    const { account_id, to } = period;
    const [{ routes }, names] = await Promise.all([
      this.routes.find(account_id),
      this.routes.namesOf(account_id),
    ]);
    const [inForce, drafted] = [routes, draft].map((some) => {
      return new AccountRules(new CompiledRoutes(some.map(unmuted)), this.rules.from, names.on);
    });
    const tally = new PageTally(inForce!, drafted!, to);
    for await (const page of this.lives.pagesOf(period)) {
      for (const life of page) tally.add(life);
      // Whoever else waits comes first, and so does the news that nobody waits any more.
      await nextTurn();
      signal.throwIfAborted();
    }
    return tally;
  }

  private async eventsOf(
    accountId: string,
    pages: readonly DifferentPage[],
  ): Promise<ReadonlyMap<string, EventEntity>> {
    const ids = [...new Set(pages.map(({ event_id }) => event_id))];
    const events = await this.events.findAll(ids.map((event_id) => ({ account_id: accountId, event_id })));
    return new Map(events.map((event) => [event.event_id, event]));
  }
}

/** Nobody knows which mutes there were at the time. */
function unmuted(route: Route): Route {
  return { ...route, mute_until: null };
}
