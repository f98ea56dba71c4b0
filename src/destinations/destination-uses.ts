import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DestinationEntity } from './destination.entity';

/** Names of what uses a destination, as seen by `tx`. */
export type FindUses = (
  tx: EntityManager,
  destination: Pick<DestinationEntity, 'account_id' | 'id'>,
) => Promise<readonly string[]>;

/** A destination that is used cannot be deleted. */
export class DestinationInUseError extends Error {
  constructor(readonly uses: readonly string[]) {
    super(`used by ${uses.join(', ')}`);
    this.name = 'DestinationInUseError';
  }
}

/** Knows who may use destinations: whoever does says so at the start, because this module knows none of them. */
@Injectable()
export class DestinationUses {
  private readonly finders: FindUses[] = [];

  addFinder(find: FindUses): void {
    this.finders.push(find);
  }

  /** @throws DestinationInUseError */
  async assertUnused(tx: EntityManager, destination: DestinationEntity): Promise<void> {
    const uses = await Promise.all(this.finders.map((find) => find(tx, destination)));
    if (uses.flat().length > 0) throw new DestinationInUseError(uses.flat());
  }
}
