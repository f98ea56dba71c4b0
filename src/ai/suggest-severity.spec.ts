import type { Severity } from '../normalization/normalized-event';
import { suggestSeverity } from './suggest-severity';

describe('suggestSeverity', () => {
  it.each<[text: string, severity: Severity]>([
    ['Multiple payment failures detected across APAC region...', 'critical'],
    ['All payments are failing', 'critical'],
    ['The API seems to be DOWN', 'critical'],
    ['Partial outage of checkout', 'critical'],
    ['A breach was found', 'critical'],
    ['Possible data loss', 'critical'],
    ['Elevated latency', 'warning'],
    ['Performance is degraded', 'warning'],
    ['Deployments slowed down', 'warning'],
    ['We retried the webhook', 'warning'],
    ['One payment failed', 'warning'],
    ['A new region opens tomorrow', 'info'],
    ['💥', 'info'],
  ])('finds %j %s', (text, severity) => {
    expect(suggestSeverity(text)).toBe(severity);
  });

  it.each<[why: string, text: string, severity: Severity]>([
    ['what is over is info', 'The outage is resolved, latency has recovered', 'info'],
    ['what is not over is not', 'The outage is not yet resolved', 'critical'],
    ['nor what will be over', 'Latency stays elevated until resolved', 'warning'],
    ['unresolved is another word', 'An unresolved outage', 'critical'],
    ['critical comes before warning', 'Slow at first, then an outage', 'critical'],
    ['no outage is none', 'No outage, only latency', 'warning'],
    ["isn't down is not down", "Checkout isn't down", 'info'],
    ['non-critical is not critical', 'A non-critical notice', 'info'],
    ['slowing down is not down', 'Logins slow down', 'warning'],
    ['words inside of words do not count', 'Downtown is outageous', 'info'],
  ])('knows that %s', (_, text, severity) => {
    expect(suggestSeverity(text)).toBe(severity);
  });
});
