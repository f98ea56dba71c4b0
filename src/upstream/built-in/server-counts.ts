/** What was asked of one route. */
export interface RouteCount {
  requests: number;
  /** Requests that are not answered yet. */
  in_flight: number;
  /** The most that ever were at the same time. */
  most_in_flight: number;
}

/** Counts requests by route, and those that are under way at the same time. */
export class ServerCounts {
  private readonly routes = new Map<string, RouteCount>();
  /** Connections that were ever opened. */
  connections = 0;

  of(route: string): RouteCount {
    const known = this.routes.get(route);
    if (known !== undefined) return known;
    const count = { requests: 0, in_flight: 0, most_in_flight: 0 };
    this.routes.set(route, count);
    return count;
  }

  /** Notes that a request is under way. Returns what to call when it is over; only the first call counts. */
  enter(route: string): () => void {
    const count = this.of(route);
    count.requests += 1;
    count.in_flight += 1;
    count.most_in_flight = Math.max(count.most_in_flight, count.in_flight);
    let isOver = false;
    return () => {
      if (!isOver) count.in_flight -= 1;
      isOver = true;
    };
  }

  toJSON(): object {
    return { connections: this.connections, routes: Object.fromEntries(this.routes) };
  }
}
