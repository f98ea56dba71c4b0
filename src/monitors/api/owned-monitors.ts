import { Injectable } from '@nestjs/common';
import { accountOf, type CallerIdentity } from '../../accounts/caller';
import { ApiError } from '../../http/api-error';
import { DEFAULT_ACCOUNT } from '../../normalization/normalized-event';
import type { MonitorEntity } from '../storage/monitor.entity';
import { MonitorsRepository } from '../storage/monitors.repository';

export const NO_MONITOR = 'There is no such monitor in this account.';

/** The answer of every route about a monitor that is not there. */
export function monitorNotFound(): ApiError {
  return new ApiError(404, 'monitor_not_found', NO_MONITOR);
}

/** Finds the monitor that a request is about, if whoever asks may know of it. */
@Injectable()
export class OwnedMonitors {
  constructor(private readonly monitors: MonitorsRepository) {}

  /**
   * A monitor of the account that is asked for, else of the caller's own, else of `default`.
   *
   * @throws ApiError 403 where it is another's account, 404 where that has no such monitor
   */
  async find(caller: CallerIdentity, accountId: string | undefined, id: string): Promise<MonitorEntity> {
    const monitor = await this.monitors.find(accountOf(caller, accountId) ?? DEFAULT_ACCOUNT, id);
    if (monitor === null) throw monitorNotFound();
    return monitor;
  }
}
