/** Why a node cannot read one file of its Jira while that Jira answers otherwise. Travels as the `code` of a refusal. */
export const fileFaults = ['file_missing', 'file_forbidden', 'file_login_page', 'file_failed'] as const;
export type FileFault = (typeof fileFaults)[number];

export const fileFaultTexts: Readonly<Record<FileFault, string>> = {
  file_missing: 'The Jira that it comes from lists the file, but does not find it; it may be missing on its disk.',
  file_forbidden: 'The Jira that it comes from does not let its proxy user read the file.',
  file_login_page:
    'The Jira that it comes from answers with a log-in page: some versions (8.14 among them) take no access token for files.',
  file_failed: 'The Jira that it comes from cannot read the file.',
};

export function isFileFault(code: string | null): code is FileFault {
  return code !== null && Object.hasOwn(fileFaultTexts, code);
}
