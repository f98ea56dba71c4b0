import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const HARBOUR: MantineColorsTuple = [
  '#eef5fb',
  '#d9e8f4',
  '#b0cfe8',
  '#84b5dc',
  '#60a0d2',
  '#4993cc',
  '#3a8bc9',
  '#2a6ea3',
  '#1d5c8d',
  '#12344d',
];

/** Mantine's dark greys, with a touch of blue. */
const DARK: MantineColorsTuple = [
  '#e4e9ee',
  '#c9d1d9',
  '#9aa7b4',
  '#74828f',
  '#3a4652',
  '#29323c',
  '#1e262f',
  '#171d24',
  '#12171d',
  '#0f1419',
];

/** Calm and dense: small type, little decoration, one colour for what can be pressed. */
export const theme = createTheme({
  primaryColor: 'harbour',
  primaryShade: { light: 8, dark: 7 },
  colors: { harbour: HARBOUR, dark: DARK },
  defaultRadius: 'md',
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '1.125rem' } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // As they come, a dialog's cross has no name, and its head is a second banner of the page.
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    ModalHeader: { defaultProps: { component: 'div' } },
  },
});

/** Mantine's own dimmed text, placeholders and errors are too pale for WCAG AA. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f7f9',
    '--mantine-color-text': '#182029',
    '--mantine-color-dimmed': '#566270',
    '--mantine-color-placeholder': '#66717e',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#1d5c8d',
  },
  dark: {
    '--mantine-color-body': '#0f1419',
    '--mantine-color-text': '#e4e9ee',
    '--mantine-color-dimmed': '#9aa7b4',
    '--mantine-color-placeholder': '#8a96a3',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': '#84b5dc',
  },
});
