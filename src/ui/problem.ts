/** What an error says on screen: what happened, why, what to do next, and the form field it belongs to. */
export interface Problem {
  summary: string;
  why: string;
  remedy: string;
  field: string | null;
}

/** The answer of every route and action to a browser without a session. */
export const signedOut: Problem = {
  summary: 'You are signed out.',
  why: 'The session has ended: it lasts 8 hours, or you signed out in another tab.',
  remedy: 'Open the sign-in page in another tab, sign in, then try again here. What you entered is kept.',
  field: null,
};
