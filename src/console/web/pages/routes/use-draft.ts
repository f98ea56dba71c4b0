import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { isChanged, type Draft } from './draft';

/** An account's routes as they are edited; null while they are not. */
export interface DraftStore {
  readonly draft: Draft | null;
  /** One that changes nothing is none. */
  readonly put: (draft: Draft | null) => void;
}

/** Keeps a draft while other pages are looked at, until the page is loaded anew or somebody signs out. */
export function useDraft(account: string): DraftStore {
  const queries = useQueryClient();
  const queryKey = ['route-draft', account];
  const { data } = useQuery<Draft | null>({
    queryKey,
    queryFn: skipToken,
    gcTime: Infinity,
    staleTime: Infinity,
  });
  return {
    draft: data ?? null,
    put: (draft) => {
      queries.setQueryData<Draft | null>(queryKey, draft !== null && isChanged(draft) ? draft : null);
    },
  };
}
