import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { refusalOf } from '#/jira/error-response.ts';
import { attachmentSchema, changelogSchema, commentSchema, issueSchema, searchSchema } from '#/jira/issue-schema.ts';
import {
  createdIssueSchema,
  createFieldSchema,
  issueTypeSchema,
  myselfSchema,
  projectSchema,
  serverInfoSchema,
} from '#/jira/schemas.ts';

const folder = join(import.meta.dirname, '../../../../shared/recordings');
const present = existsSync(folder);
if (!present) console.warn(`skipped: recordings of real servers are not at ${folder}`);

const cassetteSchema = z.object({
  interactions: z.array(
    z.object({
      request: z.object({ method: z.string().default('GET'), path: z.string(), query: z.string().nullish() }),
      response: z.object({
        status: z.number(),
        header: z.record(z.string(), z.array(z.string())),
        body: z.string().default(''),
      }),
    }),
  ),
});

/** Answers that carry an issue of which only some fields were asked for: checked by the schemas of the parts. */
const partialIssue = z.object({
  fields: z.object({ attachment: z.array(attachmentSchema).optional() }),
  changelog: changelogSchema.nullish(),
});

const routes: ReadonlyArray<[method: string, path: RegExp, schema: z.ZodType]> = [
  ['GET', /\/serverInfo$/, serverInfoSchema],
  ['GET', /\/myself$/, myselfSchema],
  ['GET', /\/project$/, z.array(projectSchema)],
  ['GET', /\/project\/[^/]+$/, projectSchema.and(z.object({ issueTypes: z.array(issueTypeSchema) }))],
  ['GET', /\/createmeta\/[^/]+\/issuetypes$/, z.object({ values: z.array(issueTypeSchema).min(1) })],
  ['GET', /\/createmeta\/[^/]+\/issuetypes\/\d+$/, z.object({ values: z.array(createFieldSchema).min(1) })],
  ['GET', /api\/2\/search$/, searchSchema],
  ['POST', /api\/2\/search$/, searchSchema],
  ['POST', /\/issue$/, createdIssueSchema],
  ['POST', /\/issue\/[^/]+\/comment$/, commentSchema],
  ['GET', /\/issue\/[^/]+$/, partialIssue],
];

const interactions = present
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) =>
        cassetteSchema
          .parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
          .interactions.map((interaction, i) => ({ name: `${file} #${i}`, ...interaction })),
      )
  : [];

type Response = z.infer<typeof cassetteSchema>['interactions'][number]['response'];

function refusal(response: Response) {
  const header = (name: string) => Object.entries(response.header).find(([key]) => key.toLowerCase() === name)?.[1][0];
  return refusalOf(
    { status: response.status, header, text: response.body },
    {
      what: 'GET /recorded',
      reads: true,
      address: 'http://recorded.invalid/',
      credentialsKind: 'basic',
      adminOnly: false,
      nowMs: 0,
    },
  );
}

describe.skipIf(!present)('answers recorded from real servers', () => {
  it.each(interactions)('$name: $request.method $request.path is understood', ({ request, response }) => {
    const error = refusal(response)?.error;
    if (response.status >= 400) {
      expect([...(error?.messages ?? []), ...Object.values(error?.fieldErrors ?? {})]).not.toEqual([]);
      return;
    }
    expect(error).toBeUndefined();
    const schema = routes.find(([method, path]) => method === request.method && path.test(request.path))?.[2];
    if (schema !== undefined) expect(schema.safeParse(JSON.parse(response.body)).error).toBeUndefined();
  });

  it('an issue is read with its values', () => {
    const recorded = interactions.find(({ name }) => name.startsWith('kmoneil__issue-recorded'));
    const issue = issueSchema.parse(JSON.parse(recorded?.response.body ?? 'null'));
    expect(issue.fields.summary).toBe('Record every Data Center conversation');
    expect(issue.fields.issuetype).toEqual({ id: '10000', name: 'Epic', subtask: false });
    expect(issue.fields.created).toBe(Date.parse('2026-08-11T16:37:31.272Z'));
    expect(issue.fields.reporter).toEqual({ name: 'ada', key: 'JIRAUSER10000', displayName: 'Ada Lovelace' });
  });

  it('refusals get the codes that the engine acts on', () => {
    const codes = interactions.flatMap(({ response }) => {
      const error = refusal(response)?.error;
      return error === undefined ? [] : [`${response.status} ${error.code}`];
    });
    expect(new Set(codes)).toEqual(new Set(['400 invalid', '403 credentials_refused', '404 not_found']));
  });
});
