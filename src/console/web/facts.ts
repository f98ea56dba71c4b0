/** What the page has to know before it can ask the API anything (`ConsoleFacts` in ../console-files.ts). */
interface Facts {
  readonly sign_in: boolean;
  readonly oidc: boolean;
}

/** What the service wrote into its page. */
export const facts = JSON.parse(contentOf('service-facts', '{"sign_in":false,"oidc":false}')) as Facts;

/** What styles have to carry that are made at run time: the browser refuses all others. */
export const styleNonce = contentOf('style-nonce', '');

function contentOf(name: string, otherwise: string): string {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
  // Not filled in where Vite serves the page from its sources.
  return content === '' || content.startsWith('{{') ? otherwise : content;
}
