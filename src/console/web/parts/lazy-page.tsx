import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { Trouble } from './trouble';
import { Waiting } from './waiting';

interface Loaded {
  readonly default: ComponentType;
}

/**
 * A page that is loaded when it is first looked at. Not React's own `lazy`: that one shows what takes the place of the
 * page for 300 ms at least, however soon the page is there.
 */
export function lazyPage(load: () => Promise<Loaded>): ComponentType {
  let loaded: Loaded | null = null;
  let loading: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    loading ??= load()
      .then((page) => {
        loaded = page;
      })
      .finally(() => (loading = null));
    return loading;
  };

  return function LazyPage(): ReactNode {
    const [page, setPage] = useState(loaded);
    const [error, setError] = useState<Error | null>(null);
    useEffect(() => {
      if (page !== null) return;
      begin().then(
        () => setPage(loaded),
        (cause: unknown) => setError(new Error('The page could not be loaded.', { cause })),
      );
    }, [page]);
    if (page !== null) return <page.default />;
    if (error === null) return <Waiting label="Loading the page" />;
    // Where the service was updated meanwhile, the files that this page knows of are gone.
    return <Trouble error={error} onRetry={() => location.reload()} />;
  };
}
