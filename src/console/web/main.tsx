import '@mantine/core/styles.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/problem';
import { App } from './app';
import { styleNonce } from './facts';
import { SessionProvider } from './session/session';
import { cssVariables, theme } from './theme';

/** How often a read is tried again whose failure may pass. */
const TRIES = 3;

// Where the library behind Mantine's dialogs looks for the nonce of its style.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => error instanceof Problem && error.isPassing && count < TRIES,
    },
  },
});

const root = document.getElementById('console');
if (root === null) throw new Error('the page has no place for the console');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <App />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
