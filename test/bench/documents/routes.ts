/** Routes as the API takes them. */
export interface RouteDocument {
  readonly name: string;
  readonly match: object;
  readonly to: readonly string[];
}

/** So many routes that none of a load's events meets, of every sort; the last of them is for all. */
export function manyRoutes(count: number): RouteDocument[] {
  const routes = Array.from({ length: count - 1 }, (_, n) => ({
    name: `route ${n}`,
    match: matchOf(n),
    to: ['pagerduty'],
  }));
  return [...routes, { name: 'the rest', match: {}, to: [] }];
}

function matchOf(n: number): object {
  switch (n % 4) {
    case 0:
      return { service: [`service-${n}-*`, `*-${n}`], severity: { from: 'warning' } };
    case 1:
      return { type: [`order.*_${n}_failed`], kind: ['incident', 'status'] };
    case 2:
      return { source: [`vendor-${n}_status`] };
    default:
      return {
        service: [`service-${n}`],
        time: { days: ['mon', 'fri'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' },
      };
  }
}
