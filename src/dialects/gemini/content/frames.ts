/** How a stream of `GenerateContentResponse` is framed. One for each stream. */
export interface Frames {
  /** @param json one response, as JSON text */
  frame(json: string): string;
  /** What stands behind the last one. */
  end(): string;
}

/** Server-sent events, for `?alt=sse`. */
export const EVENT_FRAMES: Frames = {
  frame: (json) => `data: ${json.includes('\n') ? json.replaceAll('\n', '\ndata: ') : json}\n\n`,
  end: () => '',
};

/** One JSON list that grows, as Google streams when no other form is asked for. */
export class ListFrames implements Frames {
  #begun = false;

  frame(json: string): string {
    const opening = this.#begun ? ',\r\n' : '[';
    this.#begun = true;
    return opening + json;
  }

  end(): string {
    return this.#begun ? '\r\n]\r\n' : '[]\r\n';
  }
}

export type StreamForm = 'events' | 'list';

export function framesFor(form: StreamForm): Frames {
  return form === 'list' ? new ListFrames() : EVENT_FRAMES;
}

/** The last frame of a stream that broke off: an error, behind others. */
export function lastFrame(form: StreamForm, json: string): string {
  return form === 'list' ? `,\r\n${json}\r\n]\r\n` : EVENT_FRAMES.frame(json);
}
