/** How a request ends: what this side knows of it, and whether it arrived, which only the destination knows. */
export const ENDS = {
  delivered: { hasArrived: true, mayHaveArrived: true },
  answer_lost: { hasArrived: true, mayHaveArrived: true },
  request_lost: { hasArrived: false, mayHaveArrived: true },
  unreachable: { hasArrived: false, mayHaveArrived: false },
  refused: { hasArrived: false, mayHaveArrived: false },
} as const;

export type End = keyof typeof ENDS;
