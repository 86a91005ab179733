import type { Reply } from '../server/reply.ts';

const TEXTS: [RegExp, string][] = [
  [/^Issue Does Not Exist$/, 'Vorgang ist nicht vorhanden'],
  [/^You do not have the permission to see the specified issue\.$/, 'Sie haben keine Berechtigung, den angegebenen Vorgang anzuzeigen.'],
  [/^Login Required$/, 'Anmeldung erforderlich'],
  [/^You must specify a summary of the issue\.$/, 'Sie müssen eine Zusammenfassung des Vorgangs angeben.'],
  [/^Summary must be less than 255 characters\.$/, 'Die Zusammenfassung muss weniger als 255 Zeichen haben.'],
  [/^(.+) is required\.$/, '$1 ist erforderlich.'],
  [/^Field '(.+)' cannot be set\. It is not on the appropriate screen, or unknown\.$/, "Das Feld '$1' kann nicht festgelegt werden. Es befindet sich nicht auf dem entsprechenden Bildschirm oder ist unbekannt."],
  [/^The issue type selected is invalid\.$/, 'Der ausgewählte Vorgangstyp ist ungültig.'],
  [/^The value '(.+)' does not exist for the field '(.+)'\.$/, "Der Wert '$1' ist für das Feld '$2' nicht vorhanden."],
  [/^Comment body can not be empty!$/, 'Der Kommentartext darf nicht leer sein!'],
  [/^The field file exceeds its maximum permitted size of (.+) bytes\.$/, 'Das Feld "file" überschreitet die zulässige Größe von $1 Byte.'],
]; // prettier-ignore

function translate(text: string): string {
  for (const [pattern, german] of TEXTS) if (pattern.test(text)) return text.replace(pattern, german);
  return `Fehler: ${text}`;
}

/** The same refusal in German: clients that match English texts break on it, as they do on a real server. */
export function inGerman(reply: Reply): Reply {
  if (reply.status < 400 || !reply.headers['Content-Type']?.startsWith('application/json')) return reply;
  const value = JSON.parse(String(reply.body)) as { errorMessages?: string[]; errors?: Record<string, string> };
  if (value.errorMessages !== undefined) value.errorMessages = value.errorMessages.map(translate);
  if (value.errors !== undefined) {
    value.errors = Object.fromEntries(Object.entries(value.errors).map(([field, text]) => [field, translate(text)]));
  }
  return { ...reply, body: JSON.stringify(value) };
}
