/**
 * The rules of Basic mode as data (A1, A2): what a page shows, what is stored with each connection, and what nobody may
 * change. The engine carries out exactly these; a new edition of them gets a new version and new connections only.
 */
import { z } from 'zod';

export const ruleFields = ['summary', 'description', 'issueType', 'comments', 'attachments'] as const;
export type RuleField = (typeof ruleFields)[number];

const ruleSchema = z.object({
  field: z.enum(ruleFields),
  direction: z.enum(['outgoing', 'incoming']),
  /** The rule as one statement, in the manner of a sync script. */
  statement: z.string(),
  /** What happens, for people. */
  text: z.string(),
  /** Where it deviates from a plain copy; null when it does not. */
  note: z.string().nullable(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const connectionRulesSchema = z.object({
  mode: z.literal('BASIC'),
  version: z.number().int().positive(),
  outgoing: z.array(ruleSchema),
  incoming: z.array(ruleSchema),
});
export type ConnectionRules = z.infer<typeof connectionRulesSchema>;

export const BASIC_RULES_VERSION = 1;

type Direction = readonly [statement: string, text: string, note: string | null];

const rules: Readonly<Record<RuleField, { outgoing: Direction; incoming: Direction }>> = {
  summary: {
    outgoing: ['replica.summary = issue.summary', 'The summary is sent.', null],
    incoming: [
      'issue.summary = replica.summary',
      'The summary is taken over.',
      'Changed on both sides since the last sync: the later edit wins, the other value is kept on the timeline.',
    ],
  },
  description: {
    outgoing: ['replica.description = issue.description', 'The description is sent.', null],
    incoming: [
      'issue.description = replica.description',
      'The description is taken over.',
      'Changed on both sides since the last sync: the later edit wins, the other value is kept on the timeline.',
    ],
  },
  issueType: {
    outgoing: ['replica.issueType = issue.issueType.name', 'The name of the issue type is sent.', null],
    incoming: [
      'issue.issueType = project.issueType(replica.issueType) ?? project.defaultIssueType ?? "Task"',
      'The issue type with the same name is used: tasks become tasks, bugs become bugs.',
      'Not in this project: the default issue type of the project is used, else Task. Neither there: the issue gets an error. A sub-task is created under its parent when the parent is under sync too.',
    ],
  },
  comments: {
    outgoing: ['replica.comments = issue.comments', 'All comments are sent, whatever their visibility is.', null],
    incoming: [
      'issue.comments = merge(issue.comments, replica.comments)',
      'Comments are added, edited and deleted as on the other side.',
      'All comments arrive as public comments. The first line names who wrote them.',
    ],
  },
  attachments: {
    outgoing: ['replica.attachments = issue.attachments', 'All attachments are sent.', null],
    incoming: [
      'issue.attachments = merge(issue.attachments, replica.attachments)',
      'Attachments are added and removed as on the other side.',
      'Two files of the same name stay two. Where existing issues are connected, files count as the same when their content is.',
    ],
  },
};

/** The rules generated for a new connection in Basic mode. */
export function generateBasicRules(): ConnectionRules {
  const one = (direction: 'outgoing' | 'incoming'): Rule[] =>
    ruleFields.map((field) => {
      const [statement, text, note] = rules[field][direction];
      return { field, direction, statement, text, note };
    });
  return { mode: 'BASIC', version: BASIC_RULES_VERSION, outgoing: one('outgoing'), incoming: one('incoming') };
}
