import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** How often the event loop is looked after. */
const EVERY_MS = 100;

/** A tick that comes no later than this is in time. */
const USUAL_LATENESS_MS = 20;

/**
 * How long this process did nothing, because its event loop was blocked or it got no processor: a synchronous write
 * to a slow disk, a garbage collection, a machine that was stopped. Time limits pass meanwhile, and nobody else is
 * to blame for that.
 */
@Injectable()
export class Stalls implements OnApplicationShutdown {
  private lastTickAt = performance.now();
  private sumMs = 0;
  private readonly timer = setInterval(() => this.tick(performance.now()), EVERY_MS).unref();

  /** Milliseconds since the start of the process. Read before and after something, its growth is what that lost. */
  get totalMs(): number {
    return this.sumMs + latenessMs(this.lastTickAt, performance.now());
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private tick(now: number): void {
    this.sumMs += latenessMs(this.lastTickAt, now);
    this.lastTickAt = now;
  }
}

/** How much later than it should a tick comes, or would come now. */
function latenessMs(lastTickAt: number, now: number): number {
  const lateness = now - lastTickAt - EVERY_MS;
  return lateness > USUAL_LATENESS_MS ? lateness : 0;
}
