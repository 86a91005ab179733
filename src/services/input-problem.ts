import type { z } from 'zod';

/** What was wrong with an input, for the person who entered it. */
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

const unknownId = 'This does not exist here.';
const missing = 'Something is missing.';

/** Parses with sentences for people: a schema's own text comes before these, and these before those of zod. */
export function parseForPeople<S extends z.ZodType>(schema: S, input: unknown): z.ZodSafeParseResult<z.output<S>> {
  return schema.safeParse(input, { error: sentence });
}

/** The first problem that {@link parseForPeople} found. */
export function inputProblem(issue: Issue | undefined): InputProblem {
  const first = issue?.path[0];
  const field = typeof first === 'string' ? first : null;
  const summary = issue?.message ?? 'The input is not complete.';
  if (summary === unknownId)
    return {
      summary,
      why: 'The address or the request names it by an id that cannot be right.',
      remedy: 'Go back to the list and open it from there.',
      field: null,
      unknownId: true,
    };
  return { summary, ...whyAndRemedy(issue), field, unknownId: false };
}

function whyAndRemedy(issue: Issue | undefined): { why: string; remedy: string } {
  if (issue === undefined || issue.code === 'too_small' || issue.message === missing || isChoice(issue))
    return { why: 'Nothing can be done without it.', remedy: 'Fill it in and try again.' };
  if (issue.code === 'too_big') return { why: 'There is no room for more.', remedy: 'Shorten it and try again.' };
  return { why: 'It is not in the form that is needed here.', remedy: 'Correct it and try again.' };
}

/** Of something to choose, whose schema says so: an id is never typed. */
function isChoice(issue: Issue): boolean {
  return issue.code === 'invalid_format' && issue.format === 'uuid';
}

function sentence(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_format':
      return issue.format === 'uuid' ? unknownId : unexpected;
    case 'too_big':
      return issue.origin === 'string'
        ? `This is too long: it may have ${Number(issue.maximum).toLocaleString('en')} characters at most.`
        : `This is too much: ${Number(issue.maximum).toLocaleString('en')} at most.`;
    case 'too_small':
      return Number(issue.minimum) <= 1 ? 'This is empty.' : 'This is too short.';
    case 'invalid_type':
      return issue.input === undefined ? missing : unexpected;
    default:
      return unexpected;
  }
}

const unexpected = 'This does not have the expected form.';
