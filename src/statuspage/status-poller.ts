import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings';
import type { PageOutcome } from './page-outcome';
import { PagePoll } from './page-poll';
import { PageStates, type PageDetails, type PageHealth } from './page-states';
import { pagesOf, type Page, type PollScope } from './pages';
import { SharedPoll } from './shared-poll';
import { sideBySide } from './side-by-side';

/** Pages read at a time. */
const PAGES_AT_A_TIME = 50;

/**
 * Polls the configured status pages, side by side. A page is asked once, however many callers want it: those who
 * come while it is being polled share the outcome.
 */
@Injectable()
export class StatusPoller implements BeforeApplicationShutdown {
  private readonly isShared: boolean;
  private readonly pages: readonly Page[];
  private readonly polls = new Map<PollScope, Promise<readonly PageOutcome[]>>();
  private readonly pagePolls = new Map<string, Promise<PageOutcome>>();
  private readonly stopping = new AbortController();

  constructor(
    settings: Settings,
    private readonly pagePoll: PagePoll,
    private readonly states: PageStates,
    private readonly shared: SharedPoll,
  ) {
    this.isShared = settings.isScaled;
    this.pages = pagesOf(settings);
  }

  /** Whether any page is on the network. */
  get hasPagesWithUrl(): boolean {
    return this.pagesIn('with_url').length > 0;
  }

  /**
   * Polls every page of the scope now. A page that fails is an outcome, and no error.
   *
   * @param requestId goes with what is recorded, unless another caller's poll is shared
   * @throws StorageUnavailableError
   */
  poll(scope: PollScope, requestId: string): Promise<readonly PageOutcome[]> {
    const running = this.polls.get(scope);
    if (running !== undefined) return running;
    const poll = this.run(scope, requestId).finally(() => this.polls.delete(scope));
    this.polls.set(scope, poll);
    return poll;
  }

  /** How the reading of each page goes. */
  health(): Promise<PageHealth[]> {
    return this.states.health(this.pages);
  }

  /** The same with what its operator may know, and whether it is read on a schedule. */
  async details(): Promise<(PageDetails & { readonly is_scheduled: boolean })[]> {
    const details = await this.states.details(this.pages);
    const withUrl = new Set(this.pagesIn('with_url').map(({ name }) => name));
    return details.map((page) => ({ ...page, is_scheduled: withUrl.has(page.page) }));
  }

  /** What is being recorded is finished; what is being fetched is given up. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.polls.values());
  }

  private async run(scope: PollScope, requestId: string): Promise<readonly PageOutcome[]> {
    const pages = this.pagesIn(scope);
    const settled = await sideBySide(pages, PAGES_AT_A_TIME, (page) => this.pollPage(page, requestId));
    return settled.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  }

  private pollPage(page: Page, requestId: string): Promise<PageOutcome> {
    const running = this.pagePolls.get(page.name);
    if (running !== undefined) return running;
    const poll = this.pollHereOrElsewhere(page, requestId).finally(() => this.pagePolls.delete(page.name));
    this.pagePolls.set(page.name, poll);
    return poll;
  }

  private pollHereOrElsewhere(page: Page, requestId: string): Promise<PageOutcome> {
    const { signal } = this.stopping;
    if (!this.isShared) return this.pagePoll.run(page, { requestId, signal });
    return this.shared.run(page, signal, (fence) => this.pagePoll.run(page, { requestId, signal, fence }));
  }

  private pagesIn(scope: PollScope): readonly Page[] {
    return scope === 'all' ? this.pages : this.pages.filter(({ url }) => url !== null);
  }
}
