import { AttachmentContents } from '../attachments/contents.ts';
import type { ServerSettings } from '../control/api.ts';
import { Faults } from '../faults/faults.ts';
import { SearchIndex } from '../search/index-store.ts';
import { Statistics } from '../server/statistics.ts';
import { Sessions } from '../auth/sessions.ts';
import { Store } from '../store/store.ts';
import { WebhookSender } from '../webhooks/sender.ts';
import { Random } from './random.ts';
import { JiraVersion } from './version.ts';

export interface JiraOptions {
  settings: ServerSettings;
  contextPath: string;
  dataDir: string | null;
}

/** One simulated Jira Server: its database, its index, and what it does besides answering requests. */
export class Jira {
  readonly contextPath: string;
  readonly store: Store;
  readonly settings: ServerSettings;
  readonly random = new Random(1);
  readonly index: SearchIndex;
  readonly contents: AttachmentContents;
  readonly sessions = new Sessions();
  readonly faults: Faults;
  readonly statistics = new Statistics();
  readonly webhooks: WebhookSender;
  /** Failed password attempts by user key. */
  readonly failedLogins = new Map<string, number>();
  /** The configured base URL; set once the port is known. */
  baseUrl = '';
  #version: JiraVersion;

  constructor(options: JiraOptions) {
    this.contextPath = options.contextPath;
    this.settings = options.settings;
    this.#version = new JiraVersion(options.settings.version);
    this.store = new Store(options.dataDir);
    this.index = new SearchIndex(this.store, () => this.settings.indexLagMs);
    this.contents = new AttachmentContents(options.dataDir);
    this.faults = new Faults(this.random);
    this.webhooks = new WebhookSender(this);
  }

  get version(): JiraVersion {
    if (this.#version.text !== this.settings.version) this.#version = new JiraVersion(this.settings.version);
    return this.#version;
  }

  now(): number {
    return Date.now() + this.settings.clockOffsetMs;
  }

  async close(): Promise<void> {
    await this.webhooks.close();
    this.index.close();
    this.store.flush();
    this.contents.close();
  }
}
