/** The fixed bytes around a file in a multipart/form-data body with one part named `file`. */
export interface MultipartFrame {
  readonly contentType: string;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Length of the whole body in bytes, known before the first byte of the file. */
  readonly contentLength: number;
}

/**
 * Frames one file as Jira's attachment resource wants it. The name goes out as raw UTF-8 with quotes and line breaks
 * escaped as browsers do (WHATWG "multipart/form-data encoding algorithm"), because old Tomcats do not read `filename*=`.
 * A backslash is escaped too: before the closing quote, Commons FileUpload would take it for an escape of the quote.
 */
export function frameFile(file: {
  filename: string;
  mimeType: string;
  sizeBytes: number;
  boundary: string;
}): MultipartFrame {
  const head = Buffer.from(
    `--${file.boundary}\r\n` +
      `Content-Disposition: form-data; name="file"; filename="${escapeFilename(file.filename)}"\r\n` +
      `Content-Type: ${plainMimeType(file.mimeType)}\r\n\r\n`,
    'utf8',
  );
  const tail = Buffer.from(`\r\n--${file.boundary}--\r\n`, 'utf8');
  return {
    contentType: `multipart/form-data; boundary=${file.boundary}`,
    head,
    tail,
    contentLength: head.byteLength + file.sizeBytes + tail.byteLength,
  };
}

function escapeFilename(name: string): string {
  const escaped = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('\\', '%5C');
  // oxlint-disable-next-line no-control-regex -- a control character would break the header line
  return escaped.replace(/[\u0000-\u001f\u007f]/g, '_');
}

function plainMimeType(mimeType: string): string {
  return /^[\w.+-]+\/[\w.+-]+(?:\s*;[\x20-\x7e]*)?$/.test(mimeType) ? mimeType : 'application/octet-stream';
}
