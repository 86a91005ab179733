/** What the simulated Jira keeps. Records are never changed in place: a write puts a new record, so the search index may hold old ones. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface UserRecord {
  id: string; // the user key: JIRAUSERnnnnn, before 8.4 the login name
  name: string;
  displayName: string;
  email: string;
  password: string;
  active: boolean;
  timeZone: string | null; // null: the server default
  locale: string;
  groups: string[];
}

export interface TokenRecord {
  id: string;
  name: string;
  hash: string;
  userKey: string;
  created: number;
  expires: number | null;
}

export interface IssueTypeRecord {
  id: string;
  name: string;
  description: string;
  subtask: boolean;
  avatarId: number | null;
}

export interface SchemeRecord {
  id: string;
  name: string;
  description: string;
  issueTypeIds: string[];
  defaultIssueTypeId: string | null;
}

export interface CustomFieldRecord {
  id: string; // customfield_nnnnn
  name: string;
  custom: string; // the plugin key, e.g. com.pyxis.greenhopper.jira:gh-epic-label
  type: string;
  items: string | null;
}

export interface Screen {
  create: string[];
  edit: string[];
  required: string[];
}

/** `anyone`, `loggedIn`, `reporter`, `user:<name>`, `group:<name>` or `role:<name>`. */
export type Holder = string;

export interface ComponentRecord {
  id: string;
  name: string;
  description: string;
}

export interface VersionRecord {
  id: string;
  name: string;
  description: string;
}

export interface ProjectRecord {
  id: string;
  key: string;
  name: string;
  description: string;
  leadKey: string;
  projectTypeKey: string;
  schemeId: string;
  archived: boolean;
  lastNumber: number;
  components: ComponentRecord[];
  versions: VersionRecord[];
  roles: Record<string, string[]>; // role name -> user names and group:<name>
  grants: Record<string, Holder[]>; // permission key -> holders
  denials: Record<string, Holder[]>; // test switch: wins over the grants
  screens: Record<string, Partial<Screen>>; // issue type id or '*' -> what differs from the default screen
}

export interface RemoteLink {
  id: number;
  globalId: string | null;
  value: JsonObject;
}

export interface IssueRecord {
  id: string;
  key: string;
  oldKeys: string[];
  projectId: string;
  number: number;
  typeId: string;
  statusId: string;
  summary: string;
  description: string | null;
  environment: string | null;
  priorityId: string;
  resolutionId: string | null;
  resolved: number | null;
  labels: string[];
  assignee: string | null;
  reporter: string | null;
  creator: string | null;
  parentId: string | null;
  componentIds: string[];
  fixVersionIds: string[];
  versionIds: string[];
  duedate: string | null;
  custom: JsonObject;
  properties: JsonObject;
  remoteLinks: RemoteLink[];
  watchers: string[];
  voters?: string[];
  timeEstimate?: number | null; // seconds that remain
  created: number;
  updated: number;
}

export interface Visibility {
  type: 'role' | 'group';
  value: string;
}

export interface CommentRecord {
  id: string;
  issueId: string;
  author: string | null;
  updateAuthor: string | null;
  body: string;
  created: number;
  updated: number;
  visibility: Visibility | null;
  properties: JsonObject;
}

export type ContentRecord =
  | { kind: 'file'; sha256: string }
  | { kind: 'generated'; seed: number; sha256: string | null }
  | { kind: 'discarded'; sha256: string };

export interface AttachmentRecord {
  id: string;
  issueId: string;
  filename: string;
  author: string | null;
  created: number;
  size: number;
  mimeType: string;
  content: ContentRecord;
}

export interface ChangeItem {
  field: string;
  fieldtype: 'jira' | 'custom';
  from: string | null;
  fromString: string | null;
  to: string | null;
  toString: string | null;
}

export interface ChangeRecord {
  id: string;
  issueId: string;
  author: string | null;
  created: number;
  items: ChangeItem[];
}

export interface WorklogRecord {
  id: string;
  issueId: string;
  author: string | null;
  updateAuthor: string | null;
  comment: string;
  created: number;
  updated: number;
  started: number;
  timeSpentSeconds: number;
}

export interface IssueLinkRecord {
  id: string;
  typeId: string;
  inwardId: string; // the issue sent as inwardIssue
  outwardId: string; // the issue sent as outwardIssue
}

export interface WebhookRecord {
  id: string;
  name: string;
  url: string;
  events: string[];
  jql: string;
  excludeBody: boolean;
  enabled: boolean;
  secret: string | null;
  lastUpdatedUser: string;
  created: number;
  lastUpdated: number;
}

export interface CounterRecord {
  id: string;
  value: number;
}
