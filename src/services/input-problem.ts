import type { z } from 'zod';

/** What was wrong with an input, for the person who entered it: sentences of our own schemas stay, those of zod are replaced. */
export interface InputProblem {
  summary: string;
  why: string;
  remedy: string;
  /** Name of the first part of its path; null without one. */
  field: string | null;
  /** The id is none, so that nothing can be behind it. */
  unknownId: boolean;
}

type Issue = z.core.$ZodIssue;

export function inputProblem(issue: Issue | undefined): InputProblem {
  const first = issue?.path[0];
  const field = typeof first === 'string' ? first : null;
  if (issue?.code === 'invalid_format' && issue.format === 'uuid')
    return {
      summary: 'This does not exist here.',
      why: 'The address or the request names it by an id that cannot be right.',
      remedy: 'Go back to the list and open it from there.',
      field: null,
      unknownId: true,
    };
  return {
    summary: issue === undefined ? 'The input is not complete.' : sentence(issue),
    why: 'What was sent cannot be used as it is.',
    remedy: 'Correct it and try again.',
    field,
    unknownId: false,
  };
}

function sentence(issue: Issue): string {
  // Texts of our own schemas say it better than anything that could be made from the code.
  if (!/^(Invalid|Too big|Too small|Unrecognized|Expected)/.test(issue.message)) return issue.message;
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `This is too long: it may have ${Number(issue.maximum).toLocaleString('en')} characters at most.`;
  if (issue.code === 'too_big') return `This is too much: ${Number(issue.maximum).toLocaleString('en')} at most.`;
  if (issue.code === 'too_small') return Number(issue.minimum) <= 1 ? 'This is empty.' : 'This is too short.';
  if (issue.code === 'invalid_type' && /received undefined/.test(issue.message)) return 'Something is missing.';
  return 'This does not have the expected form.';
}
