/** Where the page is kept that was asked for, while its reader is away at the OpenID provider. */
const ASKED = 'signalbox.asked-page';

/** What the service leads back to from the provider. */
export const BACK = '#signed-in';

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
