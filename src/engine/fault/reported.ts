/** Errors with which the partner is stuck: they are open on this side too, under the partner's code with a prefix. */
import { faultText, isFaultCode, type FaultText } from './faults.ts';

export const reportedPrefix = 'partner:';

export type ErrorText = Pick<FaultText, 'course' | 'summary' | 'why' | 'remedy'>;

/** What an admin reads about an error of this code; null for one that this version does not know. */
export function errorText(code: string): ErrorText | null {
  if (!code.startsWith(reportedPrefix)) return isFaultCode(code) ? faultText(code) : null;
  const there = code.slice(reportedPrefix.length);
  if (!isFaultCode(there)) return null;
  const { course, summary, why, remedy } = faultText(there);
  return { course, summary: `On the other side: ${summary}`, why, remedy: `On the other side: ${remedy}` };
}

/** The same for an error as the partner reported it, which may be of a newer version. */
export function reportedText({ code, summary }: { code: string; summary: string }): ErrorText {
  return (
    errorText(reportedPrefix + code) ?? {
      summary: `On the other side: ${summary}`,
      course: 'stays',
      why: 'The partner node reported this error.',
      remedy: 'Ask the administrator of the other side to look at the Errors page there.',
    }
  );
}

/** The cause with what only this case knows; that of a fault which heals by itself is for the log. */
export function causeOf({ course, why }: ErrorText, detail: string): string {
  return course === 'stays' ? `${why} ${detail}`.trim() : why;
}
