import { Logger } from '@nestjs/common';
import type { Settings } from '../../config/settings';
import { DEFAULT_OBJECTIVES } from '../model/default-objectives';
import type { Objective } from '../model/objective';
import { readSlosFile } from './slos-file';

/**
 * What was promised: the defaults as SLOS_FILE changes them, read once at the start; and what accounts have set for
 * themselves, as this process knows it.
 */
export class Objectives {
  private known: readonly Objective[];
  private counted: ReadonlySet<string>;

  /** @param given by the defaults and the file */
  constructor(private readonly given: readonly Objective[]) {
    this.known = given;
    this.counted = countedAccountsOf(given);
  }

  get all(): readonly Objective[] {
    return this.known;
  }

  /** Accounts whose own requests, events or deliveries some objective is about: for no others they are counted apart. */
  get countedAccounts(): ReadonlySet<string> {
    return this.counted;
  }

  /** Ids that the file gives an account. */
  givenIds(accountId: string): ReadonlySet<string> {
    return new Set(this.given.flatMap(({ account_id, id }) => (account_id === accountId ? [id] : [])));
  }

  /** Takes what accounts have set for themselves, in place of what was known of that. What the file gives comes before it. */
  takeOwn(own: readonly Objective[]): void {
    const given = new Set(this.given.map(identityOf));
    this.known = [...this.given, ...own.filter((one) => !given.has(identityOf(one)))];
    this.counted = countedAccountsOf(this.known);
  }

  /** @throws InvalidFileError where the file has faults: the service then does not start */
  static async load({ SLOS_FILE }: Settings): Promise<Objectives> {
    if (SLOS_FILE === undefined) return new Objectives(DEFAULT_OBJECTIVES);
    const { objectives, warnings } = await readSlosFile(SLOS_FILE);
    for (const warning of warnings) new Logger('Slos').warn(`SLOS_FILE: ${warning}`);
    return new Objectives(objectives);
  }
}

function identityOf({ account_id, id }: Objective): string {
  return `${account_id ?? ''}/${id}`;
}

function countedAccountsOf(objectives: readonly Objective[]): ReadonlySet<string> {
  const counted = objectives.filter(({ kind }) => kind !== 'monitor' && kind !== 'vendor');
  return new Set(counted.flatMap(({ account_id }) => account_id ?? []));
}
