import { compile } from 'html-to-text';

/** More of a text than this is not looked at: the price of converting grows with the input. */
const MAX_INPUT_CHARACTERS = 20_000;

/** Conversion recurses, so nesting and breadth are bounded too; deeper parts are left out. */
const LIMITS = { maxDepth: 64, maxChildNodes: 2_000 };

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const toText = compile({
  wordwrap: false,
  preserveNewlines: true,
  limits: LIMITS,
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** Plain text of what may be HTML or may be plain text already. Links keep their text only. */
export function htmlToPlainText(html: string): string {
  const bounded = html.slice(0, MAX_INPUT_CHARACTERS);
  const text = /[<&]/.test(bounded) ? toText(bounded) : bounded;
  return text
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
