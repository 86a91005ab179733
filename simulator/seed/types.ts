import type { Json } from '../store/records.ts';

/** Data to start a simulated Jira with. Things are referred to by name or key; ids are given by the simulator. */
export interface Seed {
  users: SeedUser[];
  issueTypes?: SeedIssueType[];
  customFields?: SeedCustomField[];
  schemes?: SeedScheme[];
  projects: SeedProject[];
}

export interface SeedUser {
  name: string;
  displayName?: string;
  email?: string;
  /** The user name when absent. */
  password?: string;
  timeZone?: string | null;
  locale?: string;
  /** `jira-administrators` makes a Jira admin; everybody is in `jira-software-users`. */
  groups?: string[];
  active?: boolean;
}

export interface SeedIssueType {
  name: string;
  description?: string;
  subtask?: boolean;
}

export interface SeedCustomField {
  name: string;
  /** Plugin key, e.g. `com.atlassian.jira.plugin.system.customfieldtypes:textfield`. */
  custom: string;
  /** Value type: string, number, array, any, option, user, date, datetime. */
  type: string;
  items?: string;
}

export interface SeedScheme {
  name: string;
  issueTypes: string[];
  defaultIssueType?: string | null;
}

export interface SeedProject {
  key: string;
  name: string;
  description?: string;
  lead?: string;
  /** Names of issue types: a scheme of its own is made for the project. `scheme` names an existing one instead. */
  issueTypes?: string[];
  defaultIssueType?: string | null;
  scheme?: string;
  components?: string[];
  versions?: string[];
  roles?: Record<string, string[]>;
  /** Permission -> holders, over the default (logged-in users may do everything usual, role Administrators the rest). */
  grants?: Record<string, string[]>;
  issues?: SeedIssue[];
}

export interface SeedIssue {
  type: string;
  summary: string;
  description?: string | null;
  reporter?: string;
  assignee?: string | null;
  priority?: string;
  labels?: string[];
  status?: string;
  /** Index (from 0) of the parent in the project's list. */
  parent?: number;
  components?: string[];
  /** Custom field name -> value. */
  custom?: Record<string, Json>;
  /** Minutes before the seeding at which it was made. */
  minutesAgo?: number;
  comments?: SeedComment[];
  attachments?: SeedAttachment[];
}

export interface SeedComment {
  author: string;
  body: string;
  visibility?: { type: 'role' | 'group'; value: string };
}

export interface SeedAttachment {
  author?: string;
  filename: string;
  mimeType?: string;
  content: string | Uint8Array;
}
