import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { temporaryFolder } from '../harness/temporary-folder';
import { testRun } from '../harness/test-run';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** So long a step may take on a busy machine; it says nothing about how fast anything should be. */
const PATIENCE_MS = 20_000;

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA, as far as a program can tell (https://www.deque.com/axe/core-documentation/api-documentation/). */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A page of the console in a browser, with everything that it should not have done. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, of scripts, and requests to other hosts. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** Starts the browser. Its suite needs `chromium`. */
export function startBrowser(): Promise<Browser> {
  const { chromiumPath } = testRun();
  if (chromiumPath === null) throw new Error('there is no Chromium to start');
  return chromium.launch({ executablePath: chromiumPath, args: FLAGS, downloadsPath: temporaryFolder() });
}

/** Opens an address of the service, in a browser that knows nothing yet. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (!['data:', 'blob:'].includes(address.protocol) && address.host !== new URL(url).host) {
      faults.push(`request to ${address.host}`);
    }
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

/** What is looked at: whether texts stand out from their ground, everything else, or both. */
export type Look = 'colours' | 'structure' | 'all';

const CONTRAST = 'color-contrast';

const OPTIONS: Readonly<Record<Look, object>> = {
  colours: { runOnly: { type: 'rule', values: [CONTRAST] } },
  structure: { runOnly: RULES, rules: { [CONTRAST]: { enabled: false } } },
  all: { runOnly: RULES },
};

/** What of WCAG 2.2 AA a page breaks, one line for each element. */
export async function axeViolations(page: Page, look: Look = 'all'): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (looked) => {
    interface Found {
      violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
    }
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<Found> };
    };
    const options = { ...looked, resultTypes: ['violations'] };
    const { violations } = await axe.run(options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    );
  }, OPTIONS[look]);
}

/** Names the elements that are wider than the window; a text, because it is run by the browser. */
const FIND_OVERFLOWING = `(() => {
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const ends = (element) => element.getBoundingClientRect().right;
  return [...document.querySelectorAll('body *')]
    .filter((element) => ends(element) > clientWidth)
    .map((element) => element.outerHTML.slice(0, 120) + ' ends at ' + ends(element) + ' px');
})()`;

/** What of a page is wider than its window, so that one would have to scroll sideways; nothing where all fits. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(FIND_OVERFLOWING);
}
