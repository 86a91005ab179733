export interface Check {
  name: string;
  /** null: could not be checked. */
  ok: boolean | null;
  /** What lacks without it, or why it could not be checked. */
  text: string;
}

interface Permission {
  key: string;
  name: string;
  text: string;
}

/** What the proxy user needs in each project that is under sync. */
export const projectPermissions: readonly Permission[] = [
  {
    key: 'BROWSE_PROJECTS',
    name: 'Browse Projects',
    text: 'Needed to read issues; without it nothing can be synchronized.',
  },
  { key: 'CREATE_ISSUES', name: 'Create Issues', text: 'Needed to create issues that arrive from the other side.' },
  { key: 'EDIT_ISSUES', name: 'Edit Issues', text: 'Needed to update summary, description and issue type.' },
  { key: 'ADD_COMMENTS', name: 'Add Comments', text: 'Needed for comments that arrive.' },
  { key: 'EDIT_OWN_COMMENTS', name: 'Edit Own Comments', text: 'Needed when a comment is edited on the other side.' },
  {
    key: 'DELETE_OWN_COMMENTS',
    name: 'Delete Own Comments',
    text: 'Needed when a comment is deleted on the other side.',
  },
  { key: 'CREATE_ATTACHMENTS', name: 'Create Attachments', text: 'Needed for attachments that arrive.' },
  {
    key: 'DELETE_OWN_ATTACHMENTS',
    name: 'Delete Own Attachments',
    text: 'Needed when an attachment is removed on the other side.',
  },
];

/** What it needs in Jira as a whole. */
export const globalPermissions: readonly Permission[] = [
  {
    key: 'ADMINISTER',
    name: 'Administer Jira (optional)',
    text: 'Lets this node register its webhook and read the default issue type of a project; without it, polling is used and an issue type that is not found becomes Task.',
  },
];
