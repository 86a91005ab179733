import { z } from 'zod';
import { protocolFit } from '../protocol/version.ts';
import { splitChecksum } from './encode-invitation.ts';
import type { InvitationFault } from './invitation-fault.ts';
import { type InvitationContent, invitationSchema, protocolRangeSchema } from './invitation.ts';

export type DecodedInvitation =
  | { readonly ok: true; readonly invitation: InvitationContent }
  | { readonly ok: false; readonly fault: InvitationFault };

const LONGEST_CODE = 64 * 1024;
/** `{"`, with which every code begins, in base64. */
const OPENING = 'eyJ';

/** What is read before anything else, so that a code of another version is named as such. */
const versionSchema = z.object({ nodeInfo: z.object({ protocol: protocolRangeSchema }) });
const originalProductSchema = z.object({ invitationSecret: z.unknown(), nodeInfo: z.object({}) });

/**
 * Reads a pasted code. Forgiven is what mail programs do: white space and line breaks anywhere, quotation marks around
 * it, `>` before its lines, base64url, missing or added padding; also the link with which it is accepted, and a sentence
 * around it. Whether it may be used here and now is for
 * {@link checkInvitation}.
 */
export function decodeInvitation(text: string): DecodedInvitation {
  const whole = decodeCode(text);
  const [inside] = /eyJ[A-Za-z0-9+/_-]{100,}/.exec(text) ?? [];
  if (whole.ok || inside === undefined) return whole;
  const found = decodeCode(inside);
  return found.ok ? found : whole;
}

function decodeCode(text: string): DecodedInvitation {
  const code = clean(text);
  if (code === '') return wrong('empty');
  if (!/^[A-Za-z0-9+/]+$/.test(code)) return wrong('not_base64');
  if (code.length > LONGEST_CODE) return wrong('not_exalate');
  const json = utf8(Buffer.from(code, 'base64'));
  if (json === null || !code.startsWith(OPENING)) return wrong(looksCut(json) ? 'truncated' : 'not_exalate');

  const split = splitChecksum(json);
  if (split === null) {
    const value = parseJson(json);
    if (value === undefined) return wrong(json.startsWith('{"invitationSecret"') ? 'truncated' : 'not_exalate');
    return wrong(originalProductSchema.safeParse(value).success ? 'older_version' : 'not_exalate');
  }
  if (!split.intact) return wrong('altered');
  const value = parseJson(split.body);
  const version = versionSchema.safeParse(value);
  if (!version.success) return wrong('not_exalate');
  const fit = protocolFit(version.data.nodeInfo.protocol);
  if (fit === 'partner_older') return wrong('older_version');
  if (fit === 'partner_newer') return wrong('newer_version');
  const invitation = invitationSchema.safeParse(value);
  return invitation.success ? { ok: true, invitation: invitation.data } : wrong('not_exalate');
}

function wrong(fault: InvitationFault): DecodedInvitation {
  return { ok: false, fault };
}

function clean(text: string): string {
  return text
    .replace(/[\s\u00ad\u200b-\u200f\u2060\ufeff"'`´‘’‚“”„«»<>|=]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
}

/** A code cut at its end decodes to text that may stop within a character, so the decoder is not strict there. */
function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** Text that has the end of a code, or members only a code has, but not its beginning. */
function looksCut(json: string | null): boolean {
  return json !== null && (splitChecksum(json) !== null || /"(?:nodeInfo|callbackUrl|instanceUid)":/.test(json));
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
