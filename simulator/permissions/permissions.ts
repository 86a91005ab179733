/** Key -> name and id as the server lists them; `LEGACY` holds the old names that are still sent besides. */
export const PROJECT_PERMISSIONS: Record<string, { id: string; name: string; holder: string }> = {
  BROWSE_PROJECTS: { id: '10', name: 'Browse Projects', holder: 'loggedIn' },
  CREATE_ISSUES: { id: '11', name: 'Create Issues', holder: 'loggedIn' },
  EDIT_ISSUES: { id: '12', name: 'Edit Issues', holder: 'loggedIn' },
  ASSIGN_ISSUES: { id: '13', name: 'Assign Issues', holder: 'loggedIn' },
  RESOLVE_ISSUES: { id: '14', name: 'Resolve Issues', holder: 'loggedIn' },
  ADD_COMMENTS: { id: '15', name: 'Add Comments', holder: 'loggedIn' },
  DELETE_ISSUES: { id: '16', name: 'Delete Issues', holder: 'role:Administrators' },
  ASSIGNABLE_USER: { id: '17', name: 'Assignable User', holder: 'loggedIn' },
  CLOSE_ISSUES: { id: '18', name: 'Close Issues', holder: 'loggedIn' },
  CREATE_ATTACHMENTS: { id: '19', name: 'Create Attachments', holder: 'loggedIn' },
  WORK_ON_ISSUES: { id: '20', name: 'Work On Issues', holder: 'loggedIn' },
  LINK_ISSUES: { id: '21', name: 'Link Issues', holder: 'loggedIn' },
  ADMINISTER_PROJECTS: { id: '23', name: 'Administer Projects', holder: 'role:Administrators' },
  MOVE_ISSUES: { id: '25', name: 'Move Issues', holder: 'loggedIn' },
  SCHEDULE_ISSUES: { id: '28', name: 'Schedule Issues', holder: 'loggedIn' },
  MODIFY_REPORTER: { id: '30', name: 'Modify Reporter', holder: 'role:Administrators' },
  MANAGE_WATCHERS: { id: '32', name: 'Manage Watchers', holder: 'role:Administrators' },
  EDIT_ALL_COMMENTS: { id: '34', name: 'Edit All Comments', holder: 'role:Administrators' },
  EDIT_OWN_COMMENTS: { id: '35', name: 'Edit Own Comments', holder: 'loggedIn' },
  DELETE_ALL_COMMENTS: { id: '36', name: 'Delete All Comments', holder: 'role:Administrators' },
  DELETE_OWN_COMMENTS: { id: '37', name: 'Delete Own Comments', holder: 'loggedIn' },
  DELETE_ALL_ATTACHMENTS: { id: '38', name: 'Delete All Attachments', holder: 'role:Administrators' },
  DELETE_OWN_ATTACHMENTS: { id: '39', name: 'Delete Own Attachments', holder: 'loggedIn' },
  EDIT_ALL_WORKLOGS: { id: '40', name: 'Edit All Worklogs', holder: 'role:Administrators' },
  DELETE_ALL_WORKLOGS: { id: '43', name: 'Delete All Worklogs', holder: 'role:Administrators' },
  TRANSITION_ISSUES: { id: '46', name: 'Transition Issues', holder: 'loggedIn' },
};

export const GLOBAL_PERMISSIONS: Record<string, { id: string; name: string }> = {
  ADMINISTER: { id: '0', name: 'Jira Administrators' },
  SYSTEM_ADMIN: { id: '44', name: 'Jira System Administrators' },
  USER_PICKER: { id: '27', name: 'Browse Users' },
  CREATE_SHARED_OBJECTS: { id: '22', name: 'Create Shared Objects' },
  BULK_CHANGE: { id: '33', name: 'Bulk Change' },
};

export const LEGACY: Record<string, string> = {
  BROWSE: 'BROWSE_PROJECTS',
  CREATE_ISSUE: 'CREATE_ISSUES',
  EDIT_ISSUE: 'EDIT_ISSUES',
  COMMENT_ISSUE: 'ADD_COMMENTS',
  DELETE_ISSUE: 'DELETE_ISSUES',
  CREATE_ATTACHMENT: 'CREATE_ATTACHMENTS',
  LINK_ISSUE: 'LINK_ISSUES',
  PROJECT_ADMIN: 'ADMINISTER_PROJECTS',
};

/** The grants of a new project. */
export function defaultGrants(): Record<string, string[]> {
  return Object.fromEntries(Object.entries(PROJECT_PERMISSIONS).map(([key, { holder }]) => [key, [holder]]));
}
