import { createToken } from '../auth/tokens.ts';
import { addComment, checkCommentInput } from '../comments/write.ts';
import type { Jira } from '../core/jira.ts';
import { JiraVersion } from '../core/version.ts';
import { offsetAt } from '../core/zone.ts';
import { attach } from '../attachments/write.ts';
import { deleteIssue } from '../issues/delete.ts';
import { editIssue } from '../issues/edit.ts';
import { projectOf } from '../permissions/check.ts';
import { applySeed } from '../seed/apply.ts';
import { makeCustomField } from '../seed/fields.ts';
import { makeIssue } from '../seed/issues.ts';
import { makeProject, makeScheme, setTypes } from '../seed/projects.ts';
import { changeUser, makeUser } from '../seed/users.ts';
import type { Seed } from '../seed/types.ts';
import type { Json } from '../store/records.ts';
import type { ControlApi, IssueDump, RequestEntry, ServerSettings, SettingsChange, WriteEntry } from './api.ts';
import { bulkIssues } from './bulk.ts';
import { dumpIssue } from './dump.ts';
import { issueNamed, projectNamed, userNamed } from './lookup.ts';
import { moveIssue } from './move.ts';
import { grant, setScreen, withdraw } from './permissions.ts';

type Args<Verb extends keyof ControlApi> = NonNullable<Parameters<ControlApi[Verb]>[0]>;

/** The control verbs. Every method here is a verb, in process and over HTTP; see {@link ControlApi} for what each does. */
export class Control implements ControlApi {
  readonly #jira: Jira;
  readonly #seed: Seed | string | undefined;

  constructor(jira: Jira, seed: Seed | string | undefined) {
    this.#jira = jira;
    this.#seed = seed;
  }

  async reset(args?: { seed?: Seed | string }): Promise<void> {
    const jira = this.#jira;
    for (const one of jira.store.attachments.values()) jira.contents.remove(one);
    jira.index.close();
    jira.store.clear();
    jira.index.catchUp();
    jira.sessions.clear();
    jira.failedLogins.clear();
    jira.faults.clear();
    jira.statistics.reset();
    jira.webhooks.forget();
    const seed = args?.seed ?? this.#seed;
    if (seed !== undefined) await applySeed(jira, seed);
  }

  async createUser(args: Args<'createUser'>): Promise<{ key: string; name: string }> {
    const user = makeUser(this.#jira, args);
    return { key: user.id, name: user.name };
  }

  async updateUser({ name, change }: Args<'updateUser'>): Promise<void> {
    changeUser(this.#jira, userNamed(this.#jira, name), change);
  }

  async createToken({ user, name, expiresInDays }: Args<'createToken'>): Promise<{ token: string }> {
    const { raw } = createToken(this.#jira, userNamed(this.#jira, user), name ?? 'control', expiresInDays ?? null);
    return { token: raw };
  }

  async createProject(args: Args<'createProject'>): Promise<{ id: string; key: string }> {
    const project = await makeProject(this.#jira, args);
    return { id: project.id, key: project.key };
  }

  async createIssueTypeScheme(args: Args<'createIssueTypeScheme'>): Promise<{ id: string }> {
    return { id: makeScheme(this.#jira, args).id };
  }

  async setProjectTypes({ project, issueTypes, defaultIssueType }: Args<'setProjectTypes'>): Promise<void> {
    setTypes(this.#jira, projectNamed(this.#jira, project), issueTypes, defaultIssueType);
  }

  async createCustomField(args: Args<'createCustomField'>): Promise<{ id: string }> {
    return { id: makeCustomField(this.#jira, args).id };
  }

  async customFieldId({ name }: Args<'customFieldId'>): Promise<{ id: string | null }> {
    return { id: this.#jira.store.customFields.find((one) => one.name === name)?.id ?? null };
  }

  async createIssue({ project, user, issue }: Args<'createIssue'>): Promise<{ id: string; key: string }> {
    const made = makeIssue(this.#jira, projectNamed(this.#jira, project), { reporter: user ?? 'admin', ...issue }, []);
    return { id: made.id, key: made.key };
  }

  async createIssues(args: Args<'createIssues'>): Promise<{ first: string; last: string }> {
    return bulkIssues(this.#jira, args);
  }

  async editIssue({ key, user, fields }: Args<'editIssue'>): Promise<void> {
    editIssue(this.#jira, userNamed(this.#jira, user ?? 'admin'), issueNamed(this.#jira, key), { fields }, true);
  }

  async deleteIssue({ key, user }: Args<'deleteIssue'>): Promise<void> {
    deleteIssue(this.#jira, userNamed(this.#jira, user ?? 'admin'), issueNamed(this.#jira, key), true, true);
  }

  async addComment({ key, user, body, visibility }: Args<'addComment'>): Promise<{ id: string }> {
    const author = userNamed(this.#jira, user ?? 'admin');
    const issue = issueNamed(this.#jira, key);
    const shown: Json = visibility === undefined ? null : { ...visibility };
    const input = checkCommentInput(this.#jira, author, projectOf(this.#jira, issue), { body, visibility: shown });
    return { id: addComment(this.#jira, author, issue, input).id };
  }

  async createAttachment({
    key,
    user,
    filename,
    bytes,
    mimeType,
    seed,
  }: Args<'createAttachment'>): Promise<{ id: string }> {
    const issue = issueNamed(this.#jira, key);
    const content = { kind: 'generated', seed: seed ?? this.#jira.store.next('pattern', 1), sha256: null } as const;
    const input = { filename, size: bytes, mimeType: mimeType ?? null, content };
    return { id: attach(this.#jira, userNamed(this.#jira, user ?? 'admin'), issue.id, input).id };
  }

  async moveIssue({ key, project, user }: Args<'moveIssue'>): Promise<{ key: string }> {
    const to = projectNamed(this.#jira, project);
    return { key: moveIssue(this.#jira, userNamed(this.#jira, user ?? 'admin'), issueNamed(this.#jira, key), to).key };
  }

  async grant({ project, permission, holder }: Args<'grant'>): Promise<void> {
    grant(this.#jira, projectNamed(this.#jira, project), permission, holder);
  }

  async withdraw({ project, permission, holder }: Args<'withdraw'>): Promise<void> {
    withdraw(this.#jira, projectNamed(this.#jira, project), permission, holder ?? 'anyone');
  }

  async hideProject({ project, user, hidden }: Args<'hideProject'>): Promise<void> {
    const holder = user === undefined ? 'anyone' : `user:${user}`;
    const change = hidden === false ? grant : withdraw;
    change(this.#jira, projectNamed(this.#jira, project), 'BROWSE_PROJECTS', holder, hidden === false);
  }

  async archiveProject({ project, archived }: Args<'archiveProject'>): Promise<void> {
    this.#jira.store.projects.put({ ...projectNamed(this.#jira, project), archived: archived ?? true });
  }

  async setRole({ project, role, members }: Args<'setRole'>): Promise<void> {
    const found = projectNamed(this.#jira, project);
    this.#jira.store.projects.put({ ...found, roles: { ...found.roles, [role]: members } });
  }

  async setScreen(args: Args<'setScreen'>): Promise<void> {
    setScreen(this.#jira, projectNamed(this.#jira, args.project), args);
  }

  async configure(args: SettingsChange): Promise<ServerSettings> {
    if (args.version !== undefined) void new JiraVersion(args.version);
    if (args.timeZone !== undefined) offsetAt(args.timeZone, 0);
    const known = Object.keys(this.#jira.settings);
    const wrong = Object.keys(args).filter((name) => !known.includes(name));
    if (wrong.length > 0) throw new Error(`No such setting: ${wrong.join(', ')}. There are: ${known.join(', ')}`);
    Object.assign(this.#jira.settings, args);
    return { ...this.#jira.settings };
  }

  async settings(): Promise<ServerSettings> {
    return { ...this.#jira.settings };
  }

  async resetCaptcha(args?: { user?: string }): Promise<void> {
    if (args?.user === undefined) this.#jira.failedLogins.clear();
    else this.#jira.failedLogins.delete(userNamed(this.#jira, args.user).id);
  }

  async reindex(): Promise<void> {
    this.#jira.index.catchUp();
  }

  async addFault(args: Args<'addFault'>): Promise<{ id: string }> {
    return { id: this.#jira.faults.add(args) };
  }

  async faults(): ReturnType<ControlApi['faults']> {
    return this.#jira.faults.list();
  }

  async removeFault({ id }: Args<'removeFault'>): Promise<void> {
    this.#jira.faults.remove(id);
  }

  async clearFaults(): Promise<void> {
    this.#jira.faults.clear();
  }

  async setWebhookFaults(args: Args<'setWebhookFaults'>): Promise<void> {
    this.#jira.faults.webhooks = args;
  }

  async setRandomSeed({ seed }: Args<'setRandomSeed'>): Promise<void> {
    this.#jira.random.seed(seed);
  }

  async statistics(): ReturnType<ControlApi['statistics']> {
    return this.#jira.statistics.report();
  }

  async requests(args: Args<'requests'> = {}): Promise<RequestEntry[]> {
    const path = args.path === undefined ? null : new RegExp(args.path);
    const found = this.#jira.statistics
      .requests()
      .filter(
        (one) =>
          (args.method === undefined || one.method === args.method) &&
          (args.user === undefined || one.user === args.user) &&
          (path === null || path.test(one.path)),
      );
    return args.last === undefined ? found : found.slice(-Number(args.last));
  }

  async writes(args: Args<'writes'> = {}): Promise<WriteEntry[]> {
    return this.#jira.statistics
      .writes()
      .filter(
        (one) =>
          (args.key === undefined || one.issueKey === args.key) && (args.user === undefined || one.user === args.user),
      );
  }

  async resetStatistics(): Promise<void> {
    this.#jira.statistics.reset();
  }

  async deliveries(): ReturnType<ControlApi['deliveries']> {
    return this.#jira.webhooks.deliveries();
  }

  async forgetDeliveries(): Promise<void> {
    this.#jira.webhooks.forget();
  }

  async dump(args: Args<'dump'> = {}): Promise<IssueDump[]> {
    const only = args.project === undefined ? null : projectNamed(this.#jira, args.project).id;
    const issues = [...this.#jira.store.issues.values()].filter((issue) => only === null || issue.projectId === only);
    const dumps: IssueDump[] = [];
    for (const issue of issues) dumps.push(await dumpIssue(this.#jira, issue, args.hashes !== false));
    return dumps;
  }
}
