/** What an error says on screen: what happened, why, what to do next, and the form field it belongs to. */
export interface Problem {
  summary: string;
  why: string;
  remedy: string;
  field: string | null;
}
