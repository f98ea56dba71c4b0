import type { ReactNode } from 'react';
import { inFull } from './instant';

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence in which instants are shown for people: in UTC, and by the clock on the wall on hover. */
export function Sentence({ text }: { readonly text: string }): ReactNode {
  return (
    <bdi>
      {text.split(INSTANT).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <time key={index} dateTime={part} title={inFull(part)} className="number">
            {part.slice(0, 16).replace('T', ' ')} UTC
          </time>
        ),
      )}
    </bdi>
  );
}
