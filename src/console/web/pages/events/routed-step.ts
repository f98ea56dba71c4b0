import type { EventDetail, Explanation } from '../../api/types';
import { explainHref } from '../../parts/links';
import type { Moment } from './timeline';

/** What is known by now of why routes sent an event, or did not. */
export type Routing =
  | { readonly state: 'asking' }
  | { readonly state: 'told'; readonly explanation: Explanation }
  | { readonly state: 'failed'; readonly message: string };

/** Each rule that continues may take an event; so many of them are told of here. */
const MOST_RULES = 5;

/** The step of the time line in which rules had their say: which of them, and why. */
export function routedStep(event: EventDetail, routing: Routing): Moment {
  return {
    key: 'routed',
    at: event.revisions[0]?.recorded_at ?? event.received_at,
    tone: event.routed ? 'maintenance' : 'quiet',
    icon: 'fork',
    title: titleOf(event, routing),
    detail: reasonsOf(event, routing).join('\n'),
    differences: [],
    link: { href: explainHref(event), text: 'What each rule made of it' },
  };
}

/** What the account calls the destinations of an event's deliveries, as far as that is known. */
export function calledNames(routing: Routing): ReadonlyMap<string, string> {
  const sent = routing.state === 'told' ? routing.explanation.sent : [];
  return new Map(sent.map(({ destination, name }) => [destination, name]));
}

function titleOf({ deliveries, routed, resolved_at, revision }: EventDetail, routing: Routing): string {
  const called = calledNames(routing);
  const names = new Set(deliveries.map(({ destination }) => called.get(destination) ?? destination));
  if (names.size > 0) return `Routed to ${[...names].join(', ')}`;
  if (routed) return 'Routed';
  return resolved_at !== null && revision === 1 ? 'Not routed: it was over when it came' : 'Routed to nobody';
}

function reasonsOf(event: EventDetail, routing: Routing): readonly string[] {
  switch (routing.state) {
    case 'asking':
      return ['Asking which rule it was …'];
    case 'failed':
      return [`Which rule it was cannot be told at the moment: ${routing.message}`];
    case 'told':
      return reasonsIn(event, routing.explanation);
  }
}

function reasonsIn({ deliveries }: EventDetail, { routes }: Explanation): readonly string[] {
  const took = routes.filter(({ verdict }) => verdict === 'matched');
  const names = new Map(routes.map(({ id, name }) => [id, name]));
  const others = [...new Set(deliveries.map(({ route }) => route))]
    .filter((id) => id !== null)
    .filter((id) => !took.some((route) => route.id === id));
  const more = took.length - MOST_RULES;
  return [
    ...took.slice(0, MOST_RULES).map(({ name, says }) => `${ruleText(name)}: ${says}`),
    ...(more > 0 ? [`And ${more} more.`] : []),
    ...(took.length === 0 ? ['No rule in force takes it.'] : []),
    ...others.map((id) => {
      const name = names.get(id);
      const rule = name === undefined ? 'a rule that is deleted by now' : ruleText(name);
      return `Something was sent by ${rule}: the event or the rules have changed since.`;
    }),
  ];
}

function ruleText(name: string): string {
  return name === 'default' ? 'The built-in rule' : `“${name}”`;
}
