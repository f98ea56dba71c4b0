import fc from 'fast-check';
import {
  BACKOFF_S,
  OutboxModel,
  type ModelAttempt,
  type ModelRevision,
  type ModelRules,
  type ModelWish,
} from '../../test/delivery/outbox-model';
import { ENDS, type End } from '../../test/delivery/request-ends';
import { SEVERITIES } from '../normalization/normalized-event';

const DAY_S = 86_400;
const REMIND_S = 3_600;
const PLACES = ['pager', 'chat'] as const;
const SUBSTITUTE = 'sms';

type Step =
  | ({ readonly do: 'revise' } & ModelRevision)
  | { readonly do: 'edit'; readonly rules: ModelRules }
  | { readonly do: 'wait'; readonly seconds: number }
  | ({ readonly do: 'attempt' } & ModelAttempt)
  | { readonly do: 'age'; readonly destination: string; readonly isGivenUp: boolean };

const seconds = fc.constantFrom(0, 1, 60, 600, 7_200);

const modelWish: fc.Arbitrary<ModelWish> = fc.record({
  muteUntilS: seconds,
  minDurationS: seconds,
  remindEveryS: fc.constantFrom(null, REMIND_S),
});

const fallback = fc.option(fc.record({ destination: fc.constant(SUBSTITUTE), afterS: seconds }));

/** Rules that want something at both places, and differ in when. */
const patientRules: fc.Arbitrary<ModelRules> = fc.record({
  wanted: fc.record({ pager: modelWish, chat: modelWish }),
  fallback,
});

const anyRules: fc.Arbitrary<ModelRules> = fc.record({
  wanted: fc.oneof(
    fc.constant({}),
    fc.record({ pager: modelWish, chat: modelWish, sms: modelWish }, { requiredKeys: [] }),
  ),
  fallback,
});

/** What a life is made of. */
interface Parts {
  readonly rules: fc.Arbitrary<ModelRules>;
  readonly revision: fc.Arbitrary<ModelRevision>;
  readonly ends: readonly End[];
  /** Whether a delivery that failed, or waits for long, is given up. */
  readonly isGivenUp: fc.Arbitrary<boolean>;
}

function life({ rules, revision, ends, isGivenUp }: Parts): fc.Arbitrary<Step[]> {
  const attempt = fc.record({
    do: fc.constant('attempt' as const),
    destination: fc.constantFrom(...PLACES, SUBSTITUTE),
    end: fc.constantFrom(...ends),
    isLast: isGivenUp,
    meanwhile: fc.option(revision),
  });
  const age = fc.record({
    do: fc.constant('age' as const),
    destination: fc.constantFrom(...PLACES, SUBSTITUTE),
    isGivenUp,
  });
  return fc.array(
    fc.oneof(
      { weight: 1, arbitrary: age },
      { weight: 4, arbitrary: revision.map((fields): Step => ({ do: 'revise', ...fields })) },
      { weight: 6, arbitrary: attempt },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), rules }) },
    ),
    { maxLength: 25 },
  );
}

const anyRevision: fc.Arbitrary<ModelRevision> = fc.record({
  severity: fc.constantFrom(...SEVERITIES),
  isResolved: fc.boolean(),
});

/** Whatever may happen. */
const anyLife = life({
  rules: anyRules,
  revision: anyRevision,
  ends: Object.keys(ENDS) as End[],
  isGivenUp: fc.boolean(),
});

/** The same of an event that is not resolved, and whose deliveries are never given up: every failure is tried again. */
const patientLife = (rules: fc.Arbitrary<ModelRules>): fc.Arbitrary<Step[]> =>
  life({
    rules,
    revision: anyRevision.map((one) => ({ ...one, isResolved: false })),
    ends: ['delivered', 'answer_lost', 'request_lost', 'unreachable'],
    isGivenUp: fc.constant(false),
  });

function play(rules: ModelRules, steps: readonly Step[]): OutboxModel {
  const model = new OutboxModel(rules);
  for (const step of steps) {
    if (step.do === 'revise') model.revise(step);
    if (step.do === 'edit') model.edit(step.rules);
    if (step.do === 'wait') model.wait(step.seconds);
    if (step.do === 'attempt') model.attempt(step);
    if (step.do === 'age' && step.isGivenUp) model.expire(step.destination);
  }
  return model;
}

describe('whatever happens to an event, its routes, the time and the requests', () => {
  it('is closed everywhere once it is resolved, whatever is muted, and nothing is held any more', () => {
    fc.assert(
      fc.property(anyRules, anyLife, (rules, steps) => {
        const model = play(rules, [...steps, { do: 'revise', severity: 'info', isResolved: true }]);
        expect(
          model.rows.filter(({ status, hold, is_attempted }) => {
            return status === 'pending' && hold !== null && !is_attempted;
          }),
        ).toEqual([]);
        // What waits for its next attempt gets it, and no mute has to end for that.
        model.settle(BACKOFF_S);
        expect([...model.open]).toEqual([]);
        expect(model.rows.filter(({ status }) => status === 'pending')).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is open in the end wherever the routes want it by then', () => {
    fc.assert(
      fc.property(anyRules, anyLife, anyRules, (rules, steps, last) => {
        const model = play(rules, [
          ...steps,
          { do: 'edit', rules: last },
          { do: 'revise', severity: 'critical', isResolved: false },
        ]).settle(DAY_S);
        expect([...model.open]).toEqual(expect.arrayContaining(Object.keys(last.wanted)));
      }),
      { numRuns: 500 },
    );
  });

  it('is open where it is wanted, however often mutes and durations were changed meanwhile', () => {
    fc.assert(
      fc.property(patientRules, patientLife(patientRules), (rules, steps) => {
        const known: Step = { do: 'revise', severity: 'warning', isResolved: false };
        const model = play(rules, [known, ...steps]).settle(DAY_S);
        expect([...model.open]).toEqual(expect.arrayContaining([...PLACES]));
      }),
      { numRuns: 300 },
    );
  });

  it('is told somewhere, wherever the routes have led it while it was held', () => {
    const anywhere = fc.record({
      wanted: fc.oneof(fc.record({ pager: modelWish }), fc.record({ chat: modelWish })),
      fallback: fc.constant(null),
    });
    fc.assert(
      fc.property(anywhere, patientLife(anywhere), (rules, steps) => {
        const known: Step = { do: 'revise', severity: 'warning', isResolved: false };
        expect([...play(rules, [known, ...steps]).settle(DAY_S).open]).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is told again and again while it is open', () => {
    const reminding = patientRules.map(({ wanted, fallback: substitute }): ModelRules => {
      const always = Object.entries(wanted).map(
        ([name, one]) => [name, { ...one, remindEveryS: REMIND_S }] as const,
      );
      return { wanted: Object.fromEntries(always), fallback: substitute };
    });
    fc.assert(
      fc.property(reminding, patientLife(reminding), (rules, steps) => {
        const last: Step = { do: 'revise', severity: 'critical', isResolved: false };
        const model = play(rules, [...steps, last]).settle(DAY_S);
        for (const place of PLACES) {
          expect(model.now - (model.toldAt(place) ?? 0)).toBeLessThanOrEqual(REMIND_S * 1_000);
        }
      }),
    );
  });

  it('goes to the fallback where the first destination fails, and not where it does not', () => {
    const rules = fc.record({
      wanted: fc.record({ pager: modelWish }),
      fallback: fc.record({
        destination: fc.constant(SUBSTITUTE),
        afterS: fc.integer({ min: 1, max: DAY_S }),
      }),
    });
    const begins: Step = { do: 'revise', severity: 'critical', isResolved: false };
    const ends = fc.constantFrom<End>('refused', 'unreachable', 'request_lost');
    fc.assert(
      fc.property(rules, ends, (inForce, end) => {
        const sick = play(inForce, [begins]).settle(3 * DAY_S, (name) =>
          name === 'pager' ? end : 'delivered',
        );
        expect([...sick.open]).toEqual([SUBSTITUTE]);
        const well = play(inForce, [begins]).settle(3 * DAY_S);
        expect([...well.open]).toEqual(['pager']);
      }),
    );
  });
});
