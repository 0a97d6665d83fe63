declare module 'virtual:web-awesome-icons' {
  /** Address of each icon file, by the name Web Awesome asks for. */
  export const ICON_FILES: Readonly<Record<string, string>>;
}
