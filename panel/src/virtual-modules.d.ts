declare module 'virtual:web-awesome-icons' {
  /** Address of each icon file, by the name Web Awesome asks for. */
  export const ICON_FILES: Readonly<Record<string, string>>;
}

declare module '*?providers' {
  /** Section `providers` of a catalogue of texts, as the build has read it. */
  export const providers: Readonly<Record<string, never>>;
}
