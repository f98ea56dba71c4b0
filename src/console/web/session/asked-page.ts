/** Where the page is kept that was asked for, while its reader is away at the OpenID provider. */
const ASKED = 'signalbox.asked-page';

/** What the service leads back to from the provider. */
export const BACK = '#signed-in';

const FAILED = /^#sign-in-failed=([a-z_]+)$/;

const WHY: Readonly<Record<string, string>> = {
  not_invited: 'Nobody of your e-mail address is invited here. Ask an administrator of the account.',
  email_not_verified:
    'The provider does not vouch for an e-mail address of yours. Verify it there, then try again.',
  no_account: 'You belong to no account any more. Ask an administrator for an invitation.',
  oidc_unavailable: 'The provider does not answer. Try again soon, or sign in by password.',
  oidc_not_configured: 'There is no provider to sign in with here.',
};

/** Why somebody comes back from the provider without being signed in; null where nobody does. */
export function failedSignIn(): string | null {
  const [, code] = FAILED.exec(location.hash) ?? [];
  if (code === undefined) return null;
  return WHY[code] ?? 'The provider did not confirm who you are. Try again.';
}

/** Keeps which page is asked for now, for when its reader comes back. */
export function keepAskedPage(): void {
  sessionStorage.setItem(ASKED, `${location.pathname}${location.search}`);
}

/** Shows the page that was asked for, where its reader has just come back. */
export function showAskedPage(): void {
  const asked = sessionStorage.getItem(ASKED) ?? location.pathname;
  sessionStorage.removeItem(ASKED);
  history.replaceState(null, '', asked);
}
