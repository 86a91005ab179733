import type { Seed } from './seed/types.ts';

/** How to start a simulated Jira Server. */
export interface SimulatorOptions {
  /** 0, the default: any free port. */
  port?: number;
  host?: string;
  /** `''` or e.g. `/jira`. */
  contextPath?: string;
  version?: string;
  /** The configured base URL, that `self` and `content` links carry; the listening address when absent. */
  baseUrl?: string;
  serverTitle?: string;
  /** Zone of the server: timestamps in answers, and accounts without a zone of their own. */
  timeZone?: string;
  /** Keeps the state on disk across restarts. */
  dataDir?: string;
  /** Applied only when the store is empty. */
  seed?: Seed | string;
  indexLagMs?: number;
  captchaAfter?: number;
  controlToken?: string;
}
