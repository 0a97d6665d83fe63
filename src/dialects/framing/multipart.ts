/** A text field of a form. A name may repeat. */
export type FormField = readonly [name: string, value: string];

/** How a file is announced in a form. */
export interface FormFile {
  /** Name of the field. */
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
}

/**
 * Writes the pieces of a `multipart/form-data` body. Pure: the boundary is given, and must not stand in any value.
 *
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export class FormWriter {
  readonly contentType: string;
  readonly #boundary: string;

  constructor(boundary: string) {
    this.#boundary = boundary;
    this.contentType = `multipart/form-data; boundary=${boundary}`;
  }

  fields(fields: readonly FormField[]): Buffer {
    return Buffer.from(
      fields.map(([name, value]) => `--${this.#boundary}\r\n${DISPOSITION}; name="${quoted(name)}"\r\n\r\n${value}\r\n`).join(''),
    );
  }

  /** What stands before the bytes of a file. */
  fileHead({ field, filename, contentType }: FormFile): Buffer {
    const disposition = `${DISPOSITION}; name="${quoted(field)}"; filename="${quoted(filename)}"`;
    return Buffer.from(`--${this.#boundary}\r\n${disposition}\r\ncontent-type: ${contentType.replace(/[\r\n]/g, ' ')}\r\n\r\n`);
  }

  /** What stands behind them. */
  fileEnd(): Buffer {
    return Buffer.from('\r\n');
  }

  end(): Buffer {
    return Buffer.from(`--${this.#boundary}--\r\n`);
  }
}

const DISPOSITION = 'content-disposition: form-data';

const ESCAPES: Readonly<Record<string, string>> = { '"': '%22', '\r': '%0D', '\n': '%0A' };

function quoted(text: string): string {
  return text.replace(/["\r\n]/g, (character) => ESCAPES[character] ?? '');
}
