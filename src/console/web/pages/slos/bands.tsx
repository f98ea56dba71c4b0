import type { ReactNode } from 'react';
import { StateMark } from '../../parts/state-mark';
import { BAND_MEANINGS, BAND_WORDS } from './slo-words';

/** What burn rates ask for. */
export function Bands(): ReactNode {
  return (
    <section className="bands" aria-label="What burn rates mean">
      <p>Burn rate over the last hour; 1 × spends the budget in exactly the objective’s window:</p>
      <ul>
        {BAND_MEANINGS.map(({ band, rates, todo }) => (
          <li key={band}>
            <StateMark {...BAND_WORDS[band]} /> {rates}: {todo}
          </li>
        ))}
      </ul>
    </section>
  );
}
