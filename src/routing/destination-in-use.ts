import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DestinationUses } from '../destinations/destination-uses';
import { RoutesRepository } from './routes.repository';

/** Keeps destinations from being deleted that routes name. */
@Injectable()
export class DestinationInUse implements OnModuleInit {
  constructor(
    private readonly uses: DestinationUses,
    private readonly routes: RoutesRepository,
  ) {}

  onModuleInit(): void {
    this.uses.addFinder(async (tx, { account_id, id }) => {
      const [known] = await this.routes.load(tx, [account_id]);
      const naming = (known?.routes ?? []).filter(({ to, fallback }) => to.includes(id) || fallback === id);
      return naming.map(({ name }) => name);
    });
  }
}
