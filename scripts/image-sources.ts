/** What the image is built from, as paths of the repository; `.dockerignore` lets through the same. */
export const IMAGE_SOURCES = [
  'package.json',
  'package-lock.json',
  'LICENSE',
  'tsconfig.json',
  'src',
  'panel',
  'scripts',
  'translations',
  'addon/rootfs',
  'custom_components_bridge/custom_components/llm_gateway',
] as const;
