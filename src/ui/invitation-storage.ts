/** The invitation code on its way through sign-in and the wizard: in this tab only, never in a URL that is sent or logged. */
const key = 'exalate.invitation';
const arrivedKey = 'exalate.invitation-arrived';

/** Moves a code from the address's fragment (`#code` or `#invitation=code`) into the tab's storage and wipes the fragment. */
export function takeInvitationFromAddress(): void {
  const fragment = window.location.hash.slice(1).replace(/^invitation=/, '');
  // Shorter ones are anchors of a page, and one with a draft is the state of a wizard.
  if (fragment.length < 100 || new URLSearchParams(fragment).has('draft')) return;
  storeInvitation(decode(fragment));
  window.sessionStorage.setItem(arrivedKey, '1');
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
}

/** Whether the stored code came with the address. Says so once. */
export function invitationArrived(): boolean {
  const arrived = window.sessionStorage.getItem(arrivedKey) !== null;
  window.sessionStorage.removeItem(arrivedKey);
  return arrived;
}

export function storedInvitation(): string {
  return window.sessionStorage.getItem(key) ?? '';
}

export function storeInvitation(code: string): void {
  if (code === '') window.sessionStorage.removeItem(key);
  else window.sessionStorage.setItem(key, code);
  window.dispatchEvent(new Event(key));
}

/** Tells about changes of the stored code, until the returned function is called. */
export function watchInvitation(tell: () => void): () => void {
  window.addEventListener(key, tell);
  return () => window.removeEventListener(key, tell);
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
