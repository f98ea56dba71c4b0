import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { adviceOn, Problem } from '../api/problem';

/** Says what went wrong, what to do about it, and under which id the log knows it. */
export function Trouble({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry?: () => void;
}): ReactNode {
  const problem = error instanceof Problem ? error : null;
  const requestId = problem?.requestId ?? null;
  const advice = problem === null ? null : adviceOn(problem);
  return (
    <Alert color="red" variant="light" role="alert" title={error.message} m="md">
      {advice !== null && <p>{advice}</p>}
      {requestId !== null && <p className="mono">Request id {requestId}</p>}
      {onRetry !== undefined && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
