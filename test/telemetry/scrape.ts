import { Readings } from '../../src/telemetry/metrics/readings';
import type { RunningService } from '../harness/service';

/** What one scrape found. */
export class Scrape {
  private constructor(readonly text: string) {}

  static async of({ client }: RunningService, headers: Record<string, string> = {}): Promise<Scrape> {
    const { status, body } = await client.get<string>('/metrics', { headers });
    if (status !== 200) throw new Error(`/metrics answered ${status}: ${JSON.stringify(body)}`);
    return new Scrape(body);
  }

  /** The same after everything was read anew that is read on a timer. */
  static async afterReadings(service: RunningService): Promise<Scrape> {
    await service.app.get(Readings).readAll();
    return Scrape.of(service);
  }

  /** The value of a sample, written as it stands in the text: `name`, or `name{label="value",…}`. */
  value(sample: string): number | undefined {
    const line = this.text.split('\n').find((one) => one.startsWith(`${sample} `));
    return line === undefined ? undefined : Number(line.slice(sample.length + 1));
  }

  /** All samples without their values, as they stand in the text. */
  get samples(): string[] {
    const lines = this.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
  }

  /** The names of all families. */
  get families(): Set<string> {
    return new Set([...this.text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string));
  }
}
