import { Logger } from '@nestjs/common';
import type { Settings } from '../../config/settings';
import { DEFAULT_OBJECTIVES } from '../model/default-objectives';
import type { Objective } from '../model/objective';
import { readSlosFile } from './slos-file';

/** What was promised: the defaults, as SLOS_FILE changes them. Read once, at the start. */
export class Objectives {
  /** Accounts whose own requests, events or deliveries some objective is about: for no others they are counted apart. */
  readonly countedAccounts: ReadonlySet<string>;

  constructor(readonly all: readonly Objective[]) {
    const counted = all.filter(({ kind }) => kind !== 'monitor' && kind !== 'vendor');
    this.countedAccounts = new Set(counted.flatMap(({ account_id }) => account_id ?? []));
  }

  /** @throws InvalidFileError where the file has faults: the service then does not start */
  static async load({ SLOS_FILE }: Settings): Promise<Objectives> {
    if (SLOS_FILE === undefined) return new Objectives(DEFAULT_OBJECTIVES);
    const { objectives, warnings } = await readSlosFile(SLOS_FILE);
    for (const warning of warnings) new Logger('Slos').warn(`SLOS_FILE: ${warning}`);
    return new Objectives(objectives);
  }
}
