import { Injectable } from '@nestjs/common';

/** Whether this process has been told to stop. From then on it is not ready, although it still answers. */
@Injectable()
export class Draining {
  private startedAt: number | null = null;

  get isDraining(): boolean {
    return this.startedAt !== null;
  }

  start(): void {
    this.startedAt ??= Date.now();
  }
}
