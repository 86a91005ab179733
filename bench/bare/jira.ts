/** The Jira requests that a sync cannot do without, made plainly: no database, no checks, no second node. */
import { randomUUID } from 'node:crypto';
import { Agent } from 'undici';

const agent = new Agent({ headersTimeout: 300_000 });
const readFields =
  'summary,description,issuetype,project,parent,creator,reporter,created,updated,comment,attachment' as const;

export interface ReadIssue {
  id: string;
  fields: {
    summary: string;
    comment: { comments: { body: string }[] };
    attachment: { id: string; filename: string; size: number; content: string }[];
  };
}

export class BareJira {
  readonly #url: URL;
  readonly #authorization: string;

  constructor(url: string, user: string) {
    this.#url = new URL(url);
    this.#authorization = `Basic ${Buffer.from(`${user}:${user}`).toString('base64')}`;
  }

  async readIssue(id: string, changelog: boolean): Promise<ReadIssue> {
    const expand = changelog ? '&expand=changelog' : '';
    const query = `fields=${readFields}&updateHistory=false${expand}`;
    return (await this.#json('GET', `/rest/api/2/issue/${id}?${query}`)) as ReadIssue;
  }

  async createIssue(projectId: string, issueTypeId: string, summary: string): Promise<string> {
    const created = await this.#json('POST', '/rest/api/2/issue?updateHistory=false', {
      fields: { project: { id: projectId }, issuetype: { id: issueTypeId }, summary },
      properties: [{ key: 'bare.twin', value: { connection: randomUUID(), twin: randomUUID() } }],
    });
    return (created as { id: string }).id;
  }

  async editSummary(id: string, summary: string): Promise<void> {
    await this.#json('PUT', `/rest/api/2/issue/${id}`, { fields: { summary } });
  }

  async addComment(id: string, body: string): Promise<void> {
    await this.#json('POST', `/rest/api/2/issue/${id}/comment`, {
      body,
      properties: [{ key: 'bare.comment', value: { connection: randomUUID(), comment: randomUUID() } }],
    });
  }

  /** The bytes of a file go straight from this Jira to the other one. */
  async copyFile(file: ReadIssue['fields']['attachment'][number], target: BareJira, issueId: string): Promise<void> {
    const source = await this.#send('GET', new URL(file.content).pathname);
    const boundary = randomUUID();
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    const tail = `\r\n--${boundary}--\r\n`;
    async function* framed(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(head);
      for await (const chunk of source) yield chunk as Uint8Array;
      yield Buffer.from(tail);
    }
    const answer = await target.#send('POST', `/rest/api/2/issue/${issueId}/attachments`, framed(), {
      'x-atlassian-token': 'no-check',
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.size + tail.length),
    });
    await answer.dump();
  }

  async #json(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown> {
    const answer =
      body === undefined
        ? await this.#send(method, path)
        : await this.#send(method, path, JSON.stringify(body), {
            'content-type': 'application/json',
            'x-atlassian-token': 'no-check',
          });
    const text = await answer.text();
    return text === '' ? null : JSON.parse(text);
  }

  async #send(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: string | AsyncIterable<Uint8Array>,
    headers: Record<string, string> = {},
  ) {
    const answer = await agent.request({
      origin: this.#url.origin,
      path,
      method,
      headers: { accept: 'application/json', authorization: this.#authorization, ...headers },
      // undici takes any async iterable; its types name Readable only.
      ...(body === undefined ? {} : { body: body as string }),
    });
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
    return answer.body;
  }
}
